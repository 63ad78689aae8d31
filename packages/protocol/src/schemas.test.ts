import { describe, expect, it } from 'vitest';
import { federationManifestSchema, roundAnnouncementSchema } from './federation.ts';
import { refusal, refusalReasons, refusalSchema } from './refusal.ts';
import { federationSettingsSchema } from './settings.ts';
import {
  declineSchema,
  handshakeSchema,
  joinSchema,
  statusSchema,
  submitSchema,
  submittedAnswerSchema,
  welcomeAnswerSchema,
} from './socket.ts';
import { countersignedReceiptSchema, roundReceiptSchema } from './receipt.ts';
import { signedSpendingSchema } from './spending.ts';

const settings = {
  name: 'Routing',
  purpose: '',
  baseModelId: 'roundtable-base',
  method: 'ffa-lora',
  task: {
    kind: 'classification',
    template: '{text}\n→ {label}',
    labels: ['returns', 'billing'],
    maxTokens: 96,
  },
  adapter: {
    rank: 16,
    alpha: 32,
    modules: ['o_proj', 'mlp.down_proj'],
    layers: [-1],
    aInit: 'orthonormal',
    aSeed: 'seed',
  },
  training: {
    localSteps: 2,
    learningRate: 10,
    finalLearningRateFactor: 0.2,
    optimizer: 'sgd',
    samplingRate: 1,
    batchDivisor: 300,
    maxExamplesPerStep: 600,
  },
  privacy: {
    privacyUnit: 'example',
    neighboringRelation: 'add-or-remove-one',
    epsilonBudget: 8,
    delta: 1e-5,
    clippingNorm: 1,
    noiseMultiplier: 2.7,
  },
  cohort: { minimum: 4, target: 8, overSelection: 1, deadlineSeconds: 120, minimumFraction: 0.5 },
  wire: { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' },
  rounds: 10,
  isDemo: true,
};
const sha256 = 'ab'.repeat(32);
const adapter = { sha256, sizeBytes: 8_204, encoding: 'fp16', round: 0 };
const federationId = 'federation-1';
const announcement = { federationId, round: 1, completedRounds: 0, adapter, remainingMs: 120_000 };
const hubPublicKey = 'H'.repeat(87);
const publicKey = 'P'.repeat(87);
const signature = 'S'.repeat(86);
const release = {
  kind: 'gaussian',
  samplingRate: 0.5,
  noiseMultiplier: 2.7,
  roundingFailure: 1e-12,
  samplerFailure: 1e-24,
};
const receipt = {
  version: 1,
  hubPublicKey,
  federationId,
  clientId: 'client-0001',
  round: 1,
  frameSha256: sha256,
  frameBytes: 236,
  adapterSha256: sha256,
  baseModelId: 'm',
  uploadBits: 8,
  privacy: {
    privacyUnit: 'example',
    clippingNorm: 1,
    release,
    count: 2,
    delta: 1e-5,
    epsilonRound: 0.5,
    epsilonTotal: 0.5,
  },
  previousSha256: null,
};
const signedReceipt = { receipt, publicKey, signature };
const countersignature = { receiptSha256: sha256, acceptedAtMs: 1, hubPublicKey, signature };
const countersigned = { ...signedReceipt, countersignature };
const spending = {
  statement: {
    version: 1,
    hubPublicKey,
    accountId: 'account-0001',
    federations: [
      { federationId, release, releasesPerRound: 2, rounds: [[1, 3]], openingRounds: 0 },
    ],
  },
  signature,
};
const manifest = {
  federationId,
  settings,
  baseModel: { id: 'm', files: [{ path: 'config.json', bytes: 2, sha256 }] },
  operator: 'A company',
  hubPublicKey,
  ceilings: { maxEpsilon: 8, minCohort: 2, isPrivacyRequired: true },
  consentVersion: sha256,
  phase: 'recruiting',
  completedRounds: 0,
  adapter,
};
const welcome = {
  refused: false,
  clientId: 'client-0001',
  manifest,
  round: { announcement, isSubmitted: false },
  maxFrameBytes: 100_000,
  spending,
};
const status = {
  federationId,
  phase: 'training',
  completedRounds: 1,
  presentClients: 3,
  neededClients: 4,
};

const messages = [
  ['handshake', handshakeSchema, { protocolVersion: 1, token: 't'.repeat(20) }],
  ['join', joinSchema, { federationId, consentVersion: sha256, publicKey }],
  ['welcome', welcomeAnswerSchema, welcome],
  ['refusal', welcomeAnswerSchema, refusal('removed', 'by the admin')],
  ['submit', submitSchema, { federationId, round: 1, receipt: signedReceipt }],
  [
    'submitted',
    submittedAnswerSchema,
    { refused: false, sha256, isDuplicate: true, countersignature },
  ],
  ['receipt', roundReceiptSchema, receipt],
  ['countersigned receipt', countersignedReceiptSchema, countersigned],
  [
    'receipt without answer',
    countersignedReceiptSchema,
    { ...signedReceipt, countersignature: null },
  ],
  ['spending', signedSpendingSchema, spending],
  ['decline', declineSchema, { federationId, round: 1, reason: 'paused' }],
  ['announcement', roundAnnouncementSchema, announcement],
  ['announcement with a rate', roundAnnouncementSchema, { ...announcement, learningRate: 3 }],
  ['status', statusSchema, status],
  ['manifest', federationManifestSchema, manifest],
  ['settings', federationSettingsSchema, settings],
] as const;

describe('every message', () => {
  it.each(messages)('%s survives its way over the wire', (_, schema, message) => {
    expect(schema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  it.each(messages)('%s with an unknown key is refused', (_, schema, message) => {
    expect(schema.safeParse({ ...message, extra: 1 }).success).toBe(false);
  });

  it.each(messages)('%s without any one of its keys is refused', (_, schema, message) => {
    const optional = new Set(['learningRate']);
    for (const key of Object.keys(message).filter((name) => !optional.has(name))) {
      const { [key]: __, ...rest } = message as Record<string, unknown>;
      expect(schema.safeParse(rest).success).toBe(false);
    }
  });

  it.each(messages)('%s is not null, a text, a list or a number', (_, schema) => {
    for (const value of [null, undefined, '', [], 7, true]) {
      expect(schema.safeParse(value).success).toBe(false);
    }
  });
});

describe('settings', () => {
  const withField = (path: string, value: unknown): unknown => {
    const copy = structuredClone(settings) as Record<string, unknown>;
    const names = path.split('.');
    const last = names.pop() ?? '';
    const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, copy);
    parent[last] = value;
    return copy;
  };

  it.each([
    ['adapter.rank', 0],
    ['adapter.rank', 1.5],
    ['adapter.modules', []],
    ['adapter.modules', ['../o_proj']],
    ['training.learningRate', NaN],
    ['training.learningRate', Infinity],
    ['training.learningRate', 0],
    ['training.samplingRate', 1.01],
    ['training.batchDivisor', 0],
    ['training.finalLearningRateFactor', 1.5],
    ['privacy.noiseMultiplier', 0],
    ['privacy.delta', 0.5],
    ['privacy.clippingNorm', -1],
    ['privacy.privacyUnit', 'employee'],
    ['cohort.minimum', 9], // above the target of 8
    ['cohort.overSelection', 0.9],
    ['cohort.deadlineSeconds', 0],
    ['wire.uploadBits', 6],
    ['wire.download', 'fp32'],
    ['task.template', 'no place for the text {label}'],
    ['task.template', '{label} {text}'],
    ['task.labels', ['only one']],
    ['baseModelId', '../secrets'],
    ['method', 'fedsvd2'],
    ['rounds', 0],
    ['name', '   '],
  ])('refuse %s = %j', (path, value) => {
    expect(federationSettingsSchema.safeParse(settings).success).toBe(true);
    expect(federationSettingsSchema.safeParse(withField(path, value)).success).toBe(false);
  });

  it('may do without privacy only by saying so', () => {
    expect(federationSettingsSchema.safeParse(withField('privacy', null)).success).toBe(true);
    expect(federationSettingsSchema.safeParse(withField('privacy', undefined)).success).toBe(false);
  });
});

describe('receipts', () => {
  it.each([
    ['frameBytes', 0],
    ['round', 0],
    ['uploadBits', 1],
    ['frameSha256', 'AB'.repeat(32)],
    ['previousSha256', ''],
    ['hubPublicKey', 'H'.repeat(86)],
    ['privacy', { ...receipt.privacy, count: 0 }],
    ['privacy', { ...receipt.privacy, epsilonRound: Infinity }],
    ['privacy', { ...receipt.privacy, release: { ...release, noiseMultiplier: 0 } }],
    ['privacy', { ...receipt.privacy, release: { ...release, examples: 12 } }],
    ['privacy', { ...receipt.privacy, release: { ...release, kind: 'none' } }],
  ])('refuse %s = %j', (name, value) => {
    expect(roundReceiptSchema.safeParse({ ...receipt, [name]: value }).success).toBe(false);
  });
});

describe('refusals', () => {
  it('come from a closed list', () => {
    for (const reason of refusalReasons) {
      expect(refusalSchema.parse(refusal(reason, 'why')).reason).toBe(reason);
    }
    const unknown = { refused: true, reason: 'because', detail: '' };
    expect(refusalSchema.safeParse(unknown).success).toBe(false);
  });

  it('keep their detail within 500 characters', () => {
    expect(refusal('malformed', 'x'.repeat(900)).detail).toHaveLength(500);
  });
});

describe('ids', () => {
  it.each(['', 'short', 'a'.repeat(41), 'has space', '../../etc/passwd', 'ünïcödé-id'])(
    'like %j are refused',
    (id) => {
      const message = { round: 1, reason: 'paused' };
      expect(declineSchema.safeParse({ ...message, federationId }).success).toBe(true);
      expect(declineSchema.safeParse({ ...message, federationId: id }).success).toBe(false);
    },
  );
});
