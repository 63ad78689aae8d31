import type { AdapterWeights } from '@roundtable/lora';
import { sha256Hex } from '@roundtable/protocol';
import { federatedMethod } from '../federated-method.ts';
import { learningRateOfRound } from '../learning-rate.ts';
import type { FederatedMethod, HubState, MethodTerms, PublishedFile } from '../method.ts';

export interface PublishedState extends HubState {
  readonly published: PublishedFile;
}

/** A hub that keeps every file, as the real one does, and whose rounds are given their mean. */
export class SmallHub {
  readonly method: FederatedMethod;
  readonly files = new Map<string, Uint8Array>();
  /** Names of the files that were fetched. */
  readonly fetched: string[] = [];
  readonly #terms: MethodTerms;
  /** The states after 0, 1, 2, … completed rounds. */
  #states: PublishedState[] = [];
  #lastRound = 0;

  private constructor(terms: MethodTerms) {
    this.#terms = terms;
    this.method = federatedMethod(terms);
  }

  static async start(terms: MethodTerms, weights?: AdapterWeights): Promise<SmallHub> {
    const hub = new SmallHub(terms);
    hub.#states = [await hub.publish(await hub.method.firstState(weights), 0)];
    return hub;
  }

  get head(): PublishedState {
    return this.#states.at(-1)!;
  }

  get completedRounds(): number {
    return this.#states.length - 1;
  }

  /** The number of the next round. */
  get nextRound(): number {
    return this.#lastRound + 1;
  }

  get learningRate(): number {
    const { training, rounds } = this.#terms.settings;
    return learningRateOfRound(training, this.completedRounds, rounds);
  }

  /** A round that comes to nothing uses up its number. */
  abandon(): void {
    this.#lastRound += 1;
  }

  async complete(mean: Float64Array): Promise<void> {
    const { completedRounds, learningRate, nextRound: round } = this;
    const weightsAfter = (rounds: number) => Promise.resolve(this.#states[rounds]!.weights);
    const outcome = { round, completedRounds, learningRate, mean };
    const state = await this.method.nextState(this.head, outcome, weightsAfter);
    this.#lastRound = round;
    this.#states.push(await this.publish(state, round));
  }

  rollBack(completedRounds: number): void {
    this.#states = this.#states.slice(0, completedRounds + 1);
  }

  readonly fetchFile = (file: PublishedFile): Promise<Uint8Array> => {
    this.fetched.push(file.sha256);
    const bytes = this.files.get(file.sha256);
    return bytes ? Promise.resolve(bytes) : Promise.reject(new RangeError(`no ${file.sha256}`));
  };

  async publish(state: HubState, round: number): Promise<PublishedState> {
    const sha256 = await sha256Hex(state.file);
    this.files.set(sha256, state.file);
    return { ...state, published: { sha256, sizeBytes: state.file.length, round } };
  }
}
