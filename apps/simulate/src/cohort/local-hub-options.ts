import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type { Clock } from '@roundtable/participant';
import type { FederationManifest } from '@roundtable/protocol';
import type { Evaluation } from '@roundtable/training';
import type { CompletedRound } from './round-counts.ts';

export interface LocalHubOptions {
  /** Without `adapter` and key: the hub makes them. */
  readonly manifest: Omit<
    FederationManifest,
    'adapter' | 'phase' | 'completedRounds' | 'hubPublicKey'
  >;
  readonly spec: AdapterSpec;
  readonly seed: string;
  readonly clock: Clock;
  readonly evaluate: (weights: AdapterWeights) => Promise<Evaluation>;
  /** Largest ε over the clients at this moment; null without differential privacy. */
  readonly epsilon: () => Promise<number | null>;
  readonly onRound: (round: CompletedRound) => void;
  /** Told of every update as it comes out of its frame. */
  readonly onUpdate?: (clientId: string, values: Float32Array | Float64Array) => void;
}
