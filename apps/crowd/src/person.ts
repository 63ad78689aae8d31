import { setImmediate } from 'node:timers/promises';
import { resolveAdapterSpec } from '@roundtable/lora';
import {
  createParticipant,
  createTrainer,
  inMemoryParticipantStore,
} from '@roundtable/participant';
import type {
  Clock,
  DeviceTrainer,
  Participant,
  ParticipantState,
  ParticipantTrainer,
} from '@roundtable/participant';
import type { FederationManifest } from '@roundtable/protocol';
import { seededRandom } from '@roundtable/random';
import { createSigner } from '@roundtable/receipts';
import { encodeExamples } from '@roundtable/training';
import { moduleCatalog } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import type { HubHttp } from './hub-http.ts';
import { SocketTransport } from './socket-transport.ts';

export interface PersonOptions {
  readonly origin: string;
  readonly http: HubHttp;
  readonly token: string;
  readonly manifest: FederationManifest;
  readonly model: BaseModel;
  readonly rows: readonly { readonly input: string; readonly output: string }[];
  /** Fixes what is not privacy: the coins of the rounding, and of the batches where nothing is protected. */
  readonly seed: string;
  readonly onState: (state: ParticipantState) => void;
}

/** A simulated participant with its data on board. */
export interface Person {
  /** Connects and takes part. */
  start(): Promise<void>;
  /** Revokes consent, as somebody who goes for good, and frees what was held. */
  leave(): Promise<void>;
  /** Goes without a word and frees what was held. */
  vanish(): void;
}

const clock: Clock = {
  nowMs: () => performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Between steps and passes the thread answers the network: several people share it. */
function polite(trainer: DeviceTrainer): ParticipantTrainer {
  return {
    spec: trainer.spec,
    train: (task) =>
      trainer.train({
        ...task,
        onStep: async (progress) => {
          await task.onStep(progress);
          await setImmediate();
        },
        onPass: async () => {
          await setImmediate();
        },
      }),
  };
}

function trainerFor({ model, manifest, rows, seed }: PersonOptions): DeviceTrainer {
  const { settings, federationId } = manifest;
  const { examples } = encodeExamples(model.tokenizer, settings.task, rows);
  if (examples.length === 0) {
    throw new Error('none of the generated inquiries has a label of this federation');
  }
  const spec = resolveAdapterSpec(settings.adapter, moduleCatalog(model.config));
  const batches = { batchRandom: seededRandom(`${seed}/batches`) };
  const given = settings.privacy === null ? batches : {};
  return createTrainer({ model, spec, settings, federationId, examples, ...given });
}

/** Sets a person up and runs the frozen layers over her inquiries; she does not connect yet. */
export async function preparePerson(options: PersonOptions): Promise<Person> {
  const { origin, http, token, manifest } = options;
  const deviceTrainer = trainerFor(options);
  await deviceTrainer.prepare(() => setImmediate());
  const participant: Participant = createParticipant({
    transport: new SocketTransport({ origin, http, token }),
    clock,
    store: inMemoryParticipantStore(),
    trainer: polite(deviceTrainer),
    manifest,
    random: seededRandom(`${options.seed}/rounding`),
    signer: await createSigner(),
    // Generated data need no protection, so that a demonstration may show any ε.
    data: { dataSetId: null, overlappingDataSetIds: [], isGenerated: true },
    limits: {
      largestEpsilon: Infinity,
      largestTotalEpsilon: Infinity,
      largestDelta: 1,
      smallestNoiseMultiplier: 0,
    },
  });
  participant.subscribe(options.onState);
  return {
    start: () => participant.start(),
    leave: async () => {
      await participant.leave();
      deviceTrainer.dispose();
    },
    vanish: () => {
      participant.stop();
      deviceTrainer.dispose();
    },
  };
}
