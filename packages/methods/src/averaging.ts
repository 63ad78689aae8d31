import {
  adapterVariant,
  flatten,
  initialWeights,
  parameterCount,
  refactorAdapter,
  unflatten,
} from '@roundtable/lora';
import type { AdapterVariantName, AdapterWeights } from '@roundtable/lora';
import { decodeVector, encodeVector, vectorFileByteLength } from '@roundtable/quantize';
import type { VectorEncoding } from '@roundtable/quantize';
import { fetchChecked } from './fetch-checked.ts';
import type { FederatedMethod, HubState, MethodTerms } from './method.ts';
import { startWeights } from './start-weights.ts';

/** What is done to the averaged weights of a round before they are published. */
type AfterRound = (weights: AdapterWeights, round: number) => AdapterWeights;

function encodingOf({ settings }: MethodTerms): VectorEncoding {
  const { download } = settings.wire;
  if (download === 'scalar-log') {
    throw new RangeError(`wire.download must be an encoding of vectors, got ${download}`);
  }
  return download;
}

/**
 * FedAvg of the parts that the variant trains, by the delta rule: full precision + mean update (methods.md, section 5: a
 * replaced state would carry the down-link's rounding error from round to round).
 */
function averagingMethod(
  name: AdapterVariantName,
  terms: MethodTerms,
  afterRound: AfterRound,
): FederatedMethod {
  const variant = adapterVariant(name);
  const { trainedParts, broadcastParts } = variant;
  const { spec, settings } = terms;
  const encoding = encodingOf(terms);
  const { uploadBlockSize: blockSize } = settings.wire;
  const uploadLength = parameterCount(spec, trainedParts);
  const broadcastLength = parameterCount(spec, broadcastParts);
  const publish = (weights: AdapterWeights): HubState => ({
    weights,
    file: encodeVector(flatten(weights, broadcastParts), encoding, blockSize),
  });
  return {
    name,
    variant,
    uploadLength: () => uploadLength,
    firstState: async (start) =>
      Promise.resolve(publish(startWeights(spec, broadcastParts, start))),
    nextState: async ({ weights }, { mean, round }) => {
      const next = flatten(weights, trainedParts);
      if (mean.length !== next.length || !mean.every(Number.isFinite)) {
        throw new RangeError(`mean must be ${next.length} finite values`);
      }
      for (let i = 0; i < next.length; i += 1) next[i] = next[i]! + mean[i]!;
      const averaged = unflatten(spec, next, trainedParts, weights);
      return Promise.resolve(publish(afterRound(averaged, round)));
    },
    receive: async (reference, fetchFile) => {
      const sizeBytes = vectorFileByteLength(broadcastLength, encoding, blockSize);
      if (reference.sizeBytes !== sizeBytes) {
        throw new RangeError(`sizeBytes must be ${sizeBytes}, got ${reference.sizeBytes}`);
      }
      const bytes = await fetchChecked(reference, fetchFile);
      const values = decodeVector(bytes, encoding, blockSize, broadcastLength);
      const weights = unflatten(spec, values, broadcastParts, initialWeights(spec));
      return { sha256: reference.sha256, weights };
    },
  };
}

/** FFA-LoRA (arXiv 2403.12313) and FedAvg on both factors differ only in the parts that move. */
export function plainAveraging(name: 'ffa-lora' | 'lora', terms: MethodTerms): FederatedMethod {
  return averagingMethod(name, terms, (weights) => weights);
}

/** FedAvg of B, after which the product B·A gets new factors, A with orthonormal rows (arXiv 2505.12805). */
export function refactoringAveraging(terms: MethodTerms): FederatedMethod {
  const period = terms.settings.fedSvd?.period ?? 1;
  return averagingMethod('fedsvd', terms, (weights, round) =>
    round % period === 0 ? refactorAdapter(weights, terms.spec) : weights,
  );
}
