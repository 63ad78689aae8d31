import type {
  ClientRow,
  FederationRow,
  InviteRow,
  ReceiptRow,
  RoundRow,
  SessionRow,
} from '../rows.ts';

export const digest = (letter: string): string => letter.repeat(64);

export function exampleFederation(federationId: string, createdAtMs = 1_000): FederationRow {
  return {
    federationId,
    settings: {
      name: 'Routing',
      purpose: '',
      baseModelId: 'tiny',
      method: 'ffa-lora',
      task: {
        kind: 'classification',
        template: '{text} {label}',
        labels: ['a', 'b'],
        maxTokens: 16,
      },
      adapter: {
        rank: 2,
        alpha: 4,
        modules: ['o_proj'],
        layers: 'all',
        aInit: 'orthonormal',
        aSeed: 'seed',
      },
      training: {
        localSteps: 2,
        learningRate: 1,
        finalLearningRateFactor: 1,
        optimizer: 'sgd',
        samplingRate: 1,
        batchDivisor: 8,
        maxExamplesPerStep: 16,
      },
      privacy: null,
      cohort: {
        minimum: 2,
        target: 3,
        overSelection: 1,
        deadlineSeconds: 60,
        minimumFraction: 0.5,
      },
      wire: { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' },
      rounds: 3,
      isDemo: false,
    },
    spec: {
      rank: 2,
      alpha: 4,
      aInit: 'orthonormal',
      aSeed: 'seed',
      fanInFanOut: false,
      targets: [
        { module: 'model.layers.0.self_attn.o_proj', inFeatures: 8, outFeatures: 8, layer: 0 },
      ],
    },
    baseModel: { id: 'tiny', files: [{ path: 'config.json', bytes: 2, sha256: digest('1') }] },
    operator: 'Example',
    consentVersion: digest('2'),
    createdAtMs,
    parameterCount: 16,
    evaluationSha256: null,
    evalLossBefore: null,
    evalAccuracyBefore: null,
    nextSettings: null,
    initialAdapter: { sha256: digest('3'), sizeBytes: 40, encoding: 'fp16', round: 0 },
    initialWeightsSha256: digest('4'),
    adapter: { sha256: digest('3'), sizeBytes: 40, encoding: 'fp16', round: 0 },
    weightsSha256: digest('4'),
    machine: '{}',
  };
}

export function exampleClient(federationId: string, clientId: string): ClientRow {
  return {
    federationId,
    clientId,
    accountId: `account-of-${clientId}`,
    displayName: '山田 花子',
    isSimulated: true,
    joinedAtMs: 1,
    isRemoved: false,
    hasLeft: false,
    lastSeenAtMs: 2,
    refusedUpdates: 0,
    lastUpdateNorm: null,
  };
}

export function exampleRound(federationId: string, round: number): RoundRow {
  return {
    federationId,
    weightsSha256: null,
    record: {
      round,
      state: 'training',
      startedAtMs: 5,
      endedAtMs: null,
      selected: 3,
      accepted: 0,
      rejected: 0,
      rejections: {},
      bytesUp: 0,
      bytesDown: 0,
      evalLoss: null,
      evalAccuracy: null,
      epsilon: null,
      updateNorm: null,
      adapter: null,
      abandonedBecause: null,
    },
  };
}

export const exampleInvite = (maxUses: number | null): InviteRow => ({
  inviteId: `invite-${maxUses ?? 'any'}`,
  tokenSha256: digest(maxUses === null ? 'a' : 'b'),
  federationId: 'federation-1',
  role: 'contributor',
  accountId: null,
  createdAtMs: 1,
  expiresAtMs: 100,
  maxUses,
  uses: 0,
  isRevoked: false,
});

export const exampleSession = (letter: string, clientId: string | null): SessionRow => ({
  tokenSha256: digest(letter),
  role: clientId === null ? 'admin' : 'contributor',
  federationId: clientId === null ? null : 'federation-1',
  clientId,
  label: 'someone',
  createdAtMs: 1,
  expiresAtMs: 50,
});

/** A receipt whose keys and signatures only look like some. */
export function exampleReceipt(federationId: string, round: number, clientId: string): ReceiptRow {
  const [hubPublicKey, publicKey] = ['H'.repeat(87), 'K'.repeat(87)];
  const receiptSha256 = (round * 1e6).toString(16).padStart(64, '0');
  const signature = 'S'.repeat(86);
  const identity = { federationId, clientId, round, hubPublicKey };
  return {
    ...{ federationId, round, clientId, publicKey, receiptSha256 },
    acceptedAtMs: 7,
    document: {
      receipt: {
        ...identity,
        version: 1,
        frameSha256: digest('5'),
        frameBytes: 9,
        adapterSha256: digest('3'),
        baseModelId: 'tiny',
        uploadBits: 8,
        privacy: null,
        previousSha256: null,
      },
      publicKey,
      signature,
      countersignature: { receiptSha256, acceptedAtMs: 7, hubPublicKey, signature },
    },
  };
}
