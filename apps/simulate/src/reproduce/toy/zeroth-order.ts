import {
  federatedMethod,
  zerothOrderRule,
  type FederatedMethod,
  type HubState,
  type MethodTerms,
  type PublishedFile,
  type ReceivedState,
} from '@roundtable/methods';
import { sha256Hex } from '@roundtable/protocol';
import { seededRandom, type SeededRandom } from '@roundtable/random';
import { cohortOf, LOCAL_STEPS } from './first-order.ts';
import { toyAccuracy } from './model.ts';
import { mechanismOf, ScalarClient } from './scalar-client.ts';
import type { ToyWorld } from './world.ts';
import { termsOf, type ZerothOrderRun } from './zeroth-order-terms.ts';

export interface ZerothOrderResult {
  /** Test accuracy in percent. */
  readonly accuracy: number;
  readonly weights: Float32Array;
  /** The public log, as the product publishes it: enough to rebuild the weights. */
  readonly log: ScalarLog;
  /** The newest file after each number of rounds, from none on. */
  readonly heads: readonly PublishedFile[];
}

/** What the hub published: files by content hash, the newest, and what fixes their arithmetic. */
export interface ScalarLog {
  readonly terms: MethodTerms;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly head: PublishedFile;
}

/** A hub that publishes as the product's does, and a client's way to what it published. */
class LoggingHub {
  readonly files = new Map<string, Uint8Array>();
  readonly #method: FederatedMethod;
  readonly heads: PublishedFile[] = [];
  readonly #states: HubState[] = [];

  constructor(method: FederatedMethod) {
    this.#method = method;
  }

  get head(): PublishedFile {
    return this.heads.at(-1)!;
  }

  get state(): HubState {
    return this.#states.at(-1)!;
  }

  async start(): Promise<void> {
    await this.#publish(await this.#method.firstState(), 0);
  }

  async finishRound(mean: Float64Array, learningRate: number): Promise<void> {
    const completedRounds = this.#states.length - 1;
    const next = await this.#method.nextState(
      { weights: this.state.weights, published: this.head },
      { round: completedRounds + 1, completedRounds, learningRate, mean },
      (rounds) => Promise.resolve(this.#states[rounds]!.weights),
    );
    await this.#publish(next, completedRounds + 1);
  }

  receive(known: ReceivedState | null): Promise<ReceivedState> {
    const fetchFile = ({ sha256 }: PublishedFile) => Promise.resolve(this.files.get(sha256)!);
    return this.#method.receive(this.head, fetchFile, known);
  }

  async #publish(state: HubState, round: number): Promise<void> {
    const sha256 = await sha256Hex(state.file);
    this.files.set(sha256, state.file);
    this.#states.push(state);
    this.heads.push({ sha256, sizeBytes: state.file.length, round });
  }
}

/** The mean of what a cohort sends in one round. All clients take a step together, since they share its directions. */
function cohortMean(
  world: ToyWorld,
  run: ZerothOrderRun,
  terms: MethodTerms,
  state: ReceivedState,
  completedRounds: number,
  random: SeededRandom,
): Float64Array {
  const rule = zerothOrderRule(terms, state, { round: completedRounds + 1, completedRounds });
  const release = mechanismOf(run, terms, random);
  const [a, start] = [state.weights.loraA[0]!, state.weights.loraB[0]!];
  const clients = cohortOf(random, world.clients.length).map((client) => {
    const data = world.clients[client]!;
    return new ScalarClient({ world, data, a, run, terms, random, release }, start);
  });
  for (let step = 0; step < LOCAL_STEPS; step += 1) {
    for (const client of clients) client.step(rule, step);
  }
  const uploads = clients.map((client) => client.upload());
  return uploads[0]!.map(
    (_, i) => uploads.reduce((sum, upload) => sum + upload[i]!, 0) / uploads.length,
  );
}

/** Runs the toy's rounds, 3 clients each, 10 local steps each, through the product's own log of scalars. */
export async function runZerothOrder(
  world: ToyWorld,
  run: ZerothOrderRun,
): Promise<ZerothOrderResult> {
  const terms = termsOf(run, world.clients[0]!.labels.length);
  const hub = new LoggingHub(federatedMethod(terms));
  const random = seededRandom(`toy-zeroth/${run.seed}`);
  await hub.start();
  let state: ReceivedState | null = null;
  for (let completed = 0; completed < run.rounds; completed += 1) {
    state = await hub.receive(state);
    const mean = cohortMean(world, run, terms, state, completed, random);
    await hub.finishRound(mean, run.learningRate);
  }
  const { weights } = hub.state;
  return {
    accuracy: toyAccuracy(world.readout, world.test, weights),
    weights: weights.loraB[0]!,
    log: { terms, files: hub.files, head: hub.head },
    heads: hub.heads,
  };
}

/** The weights that a client has who fetched these versions and no other. */
export async function replay(
  { terms, files }: ScalarLog,
  fetched: readonly PublishedFile[],
): Promise<Float32Array> {
  const method = federatedMethod(terms);
  const fetchFile = ({ sha256 }: PublishedFile) => Promise.resolve(files.get(sha256)!);
  let state: ReceivedState | null = null;
  for (const head of fetched) state = await method.receive(head, fetchFile, state);
  return state!.weights.loraB[0]!;
}
