import type { AdapterSpec, AdapterVariant, AdapterWeights } from '@roundtable/lora';
import type { FederationSettings, MethodName } from '@roundtable/protocol';

/** What fixes a federation's arithmetic; all of it is public. */
export interface MethodTerms {
  readonly settings: FederationSettings;
  readonly spec: AdapterSpec;
  readonly federationId: string;
}

/** What the hub keeps of one version of the global adapter. */
export interface HubState {
  /** Full precision; clients may have less. */
  readonly weights: AdapterWeights;
  /** What clients fetch by its content hash. */
  readonly file: Uint8Array<ArrayBuffer>;
}

/** A file that the hub published: SHA-256 (hexadecimal), bytes, and the number of the round that made it, 0 for the start. */
export interface PublishedFile {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly round: number;
}

/** The global adapter as one participant has it. Methods keep more in it than is named here. */
export interface ReceivedState {
  /** The file from which it comes. */
  readonly sha256: string;
  readonly weights: AdapterWeights;
}

/** What the cohort of one round came to. */
export interface RoundOutcome {
  /** Its number, from 1; numbers of abandoned rounds are not used again. */
  readonly round: number;
  /** Rounds in the adapter before it. */
  readonly completedRounds: number;
  /** η of the round, after its decay over the rounds. */
  readonly learningRate: number;
  /** Weighted mean of the updates in real units, `uploadLength()` values. */
  readonly mean: Float64Array;
}

/** Called within long work; it may return a promise. */
export type OnMove = () => void | Promise<void>;

export type FetchFile = (file: PublishedFile) => Promise<Uint8Array>;

/**
 * One method: what the hub publishes, what clients train and return, how the hub goes on. Pure: nothing that is given is
 * changed, equal inputs give equal bits.
 */
export interface FederatedMethod {
  readonly name: MethodName;
  /** The factors that clients train and are sent. */
  readonly variant: AdapterVariant;
  /** Values in a client's update. */
  uploadLength(): number;
  /**
   * Round 0.
   * @param start weights to begin from in place of those of the spec's seed
   * @throws RangeError where the method cannot start there: a factor differs from the seed's and is never sent
   */
  firstState(start?: AdapterWeights): Promise<HubState>;
  /**
   * The state after a round.
   * @param before the state before it and the file as which that was published
   * @param weightsAfter the weights after so many completed rounds
   * @param onMove awaited between the moves of long arithmetic, so that others on the thread get their turn
   * @throws RangeError if `outcome.mean` has not `uploadLength()` finite values
   */
  nextState(
    before: { readonly weights: AdapterWeights; readonly published: PublishedFile },
    outcome: RoundOutcome,
    weightsAfter: (completedRounds: number) => Promise<AdapterWeights>,
    onMove?: OnMove,
  ): Promise<HubState>;
  /**
   * The client's side of the same: the global adapter that `reference` names. Sizes, hashes and contents are checked.
   * @param known what this client has, null at first
   * @throws RangeError for anything but what an honest hub publishes
   */
  receive(
    reference: PublishedFile,
    fetchFile: FetchFile,
    known: ReceivedState | null,
  ): Promise<ReceivedState>;
}
