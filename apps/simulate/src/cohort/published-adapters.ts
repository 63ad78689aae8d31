import { meanAggregator, updateNormBound } from '@roundtable/federated';
import type { AdapterWeights } from '@roundtable/lora';
import { federatedMethod, learningRateOfRound } from '@roundtable/methods';
import type { FederatedMethod, HubState, MethodTerms } from '@roundtable/methods';
import { sha256Hex } from '@roundtable/protocol';
import type { AdapterReference, FederationSettings } from '@roundtable/protocol';
import type { WeighedUpdate } from './check-frame.ts';

/** The adapters of a federation from its start on, with the files that clients fetch. */
export class PublishedAdapters {
  readonly #method: FederatedMethod;
  readonly #settings: FederationSettings;
  readonly #files = new Map<string, Uint8Array>();
  /** Weights after so many completed rounds. */
  readonly #weights: AdapterWeights[] = [];
  #head: AdapterReference | null = null;

  private constructor(terms: MethodTerms) {
    this.#settings = terms.settings;
    this.#method = federatedMethod(terms);
  }

  /** With the adapter from which round 1 starts. */
  static async create(terms: MethodTerms): Promise<PublishedAdapters> {
    const adapters = new PublishedAdapters(terms);
    await adapters.#publish(await adapters.#method.firstState(), 0);
    return adapters;
  }

  /** The newest. */
  get reference(): AdapterReference {
    return this.#head!;
  }

  get weights(): AdapterWeights {
    return this.#weights.at(-1)!;
  }

  /** @throws Error where no such file was published */
  file(sha256: string): Uint8Array {
    const file = this.#files.get(sha256);
    if (file === undefined) throw new Error(`there is no adapter ${sha256}`);
    return file;
  }

  /** Publishes what the updates of a round make of the newest. */
  async advance(round: number, updates: readonly WeighedUpdate[]): Promise<void> {
    const completedRounds = this.#weights.length - 1;
    const { training, rounds } = this.#settings;
    const learningRate = learningRateOfRound(training, completedRounds, rounds);
    const state = await this.#method.nextState(
      { weights: this.weights, published: this.reference },
      { round, completedRounds, learningRate, mean: this.#mean(updates) },
      (count) => Promise.resolve(this.#weights[count]!),
    );
    await this.#publish(state, round);
  }

  #mean(updates: readonly WeighedUpdate[]): Float64Array {
    const length = this.#method.uploadLength();
    const aggregator = meanAggregator(length, {
      maxAbs: updateNormBound(this.#settings, length),
      maxTotalWeight: updates.reduce((sum, { weight }) => sum + weight, 0),
    });
    for (const { values, weight } of updates) aggregator.add(values, weight);
    return aggregator.result();
  }

  async #publish({ weights, file }: HubState, round: number): Promise<void> {
    const sha256 = await sha256Hex(file);
    const { download: encoding } = this.#settings.wire;
    this.#files.set(sha256, file);
    this.#weights.push(weights);
    this.#head = { sha256, sizeBytes: file.length, encoding, round };
  }
}
