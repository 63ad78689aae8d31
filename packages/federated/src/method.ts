import {
  adapterVariant,
  flatten,
  parameterCount,
  refactorAdapter,
  unflatten,
} from '@roundtable/lora';
import type { AdapterSpec, AdapterVariant, AdapterWeights } from '@roundtable/lora';
import type { FederationSettings, MethodName } from '@roundtable/protocol';

/**
 * What one method does on the hub. It gets the whole adapter and gives back a whole new one, so that a method may
 * refactor A and B after a round, and what is sent up and down may differ in content and length.
 */
export interface FederatedMethod {
  readonly name: MethodName;
  /** What clients train and what they are sent. */
  readonly variant: AdapterVariant;
  /** Values in a client's update. */
  uploadLength(spec: AdapterSpec): number;
  /** Values in the global adapter file. */
  broadcastLength(spec: AdapterSpec): number;
  /**
   * The adapter after a round: state + mean update (the delta rule, methods.md section 5: a replaced state would
   * carry the down-link's rounding error from round to round).
   * @param round number of the round, from 1: what a method does every so many rounds depends on it
   * @throws if `meanUpdate` has not `uploadLength` finite values
   */
  applyRound(
    state: AdapterWeights,
    meanUpdate: Float64Array,
    spec: AdapterSpec,
    round: number,
  ): AdapterWeights;
  /** The values that clients are sent, before their encoding. */
  broadcastVector(state: AdapterWeights, spec: AdapterSpec): Float32Array<ArrayBuffer>;
}

function averagingMethod(name: MethodName): FederatedMethod {
  const variant = adapterVariant(name);
  const { trainedParts, broadcastParts } = variant;
  return {
    name,
    variant,
    uploadLength: (spec) => parameterCount(spec, trainedParts),
    broadcastLength: (spec) => parameterCount(spec, broadcastParts),
    applyRound: (state, meanUpdate, spec) => {
      const next = flatten(state, trainedParts);
      if (meanUpdate.length !== next.length || !meanUpdate.every(Number.isFinite)) {
        throw new RangeError(`meanUpdate must be ${next.length} finite values`);
      }
      for (let i = 0; i < next.length; i += 1) next[i] = next[i]! + meanUpdate[i]!;
      return unflatten(spec, next, trainedParts, state);
    },
    broadcastVector: (state) => flatten(state, broadcastParts),
  };
}

/** FedAvg of B, after which the product B·A gets new factors, A with orthonormal rows (arXiv 2505.12805). */
function refactoringMethod(period: number): FederatedMethod {
  const averaging = averagingMethod('fedsvd');
  return {
    ...averaging,
    applyRound: (state, meanUpdate, spec, round) => {
      const averaged = averaging.applyRound(state, meanUpdate, spec, round);
      return round % period === 0 ? refactorAdapter(averaged, spec) : averaged;
    },
  };
}

/** The method of these settings. FFA-LoRA (arXiv 2403.12313) and FedAvg differ only in the parts that move. */
export function federatedMethod({
  method,
  fedSvd,
}: Pick<FederationSettings, 'method' | 'fedSvd'>): FederatedMethod {
  return method === 'fedsvd' ? refactoringMethod(fedSvd?.period ?? 1) : averagingMethod(method);
}
