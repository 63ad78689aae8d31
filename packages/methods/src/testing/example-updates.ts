import { flatten, unflatten } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import { encodeIntegers, encodePayload, quantizeNearest } from '@roundtable/quantize';
import { gaussian, seededRandom } from '@roundtable/random';
import { federatedMethod } from '../federated-method.ts';
import type { MethodTerms, ReceivedState } from '../method.ts';
import { scalarDivisor } from '../release-plan.ts';
import { decodeUpload, uploadFormat } from '../upload-format.ts';
import { zerothOrderRule } from '../zeroth-order/scalar-rule.ts';

/** A client's update as it travels: random numbers that any honest encoder could have written. */
export function examplePayload({ settings, spec }: MethodTerms, seed: string): Uint8Array {
  const random = seededRandom(seed);
  const format = uploadFormat(settings, spec);
  if (format.kind === 'blocks') {
    const values = Float32Array.from({ length: format.length }, () => 0.2 * gaussian(random));
    return encodePayload(quantizeNearest(values, format));
  }
  const { gridStep, maxMagnitude, bytesPerValue } = format.grid;
  const size = settings.method === 'zeroth-order' ? scalarDivisor(settings) : 0.2;
  const integers = Int32Array.from({ length: format.length }, () => {
    const units = Math.round((size * gaussian(random)) / gridStep);
    return Math.max(-maxMagnitude, Math.min(maxMagnitude, units));
  });
  return encodeIntegers(integers, bytesPerValue);
}

/** The same as the hub reads it. */
export function exampleUpdate(terms: MethodTerms, seed: string): Float64Array {
  const format = uploadFormat(terms.settings, terms.spec);
  return Float64Array.from(decodeUpload(format, examplePayload(terms, seed)));
}

/**
 * The mean of updates as integers of 2^-40, which hold every value of these updates: exact sums, so that no order shows.
 */
export function exactMean(updates: readonly Float64Array[]): Float64Array {
  const scale = 2 ** 40;
  return updates[0]!.map((_, i) => {
    const sum = updates.reduce((s, update) => s + BigInt(Math.round(update[i]! * scale)), 0n);
    return Number(sum) / (scale * updates.length);
  });
}

/** The weights that a client reaches whose training made this update, from the hub's weights in full precision. */
export function weightsOfClient(
  terms: MethodTerms,
  before: { readonly weights: AdapterWeights; readonly received: ReceivedState },
  place: {
    readonly round: number;
    readonly completedRounds: number;
    readonly learningRate: number;
  },
  update: Float64Array,
): AdapterWeights {
  const { spec, settings } = terms;
  const { trainedParts } = federatedMethod(terms).variant;
  const values = flatten(before.weights, trainedParts);
  if (settings.method === 'zeroth-order') {
    const rule = zerothOrderRule(terms, before.received, place);
    const scalars = update.map((value) => value / scalarDivisor(settings));
    for (let step = 0; step < settings.training.localSteps; step += 1) {
      const own = scalars.subarray(step * rule.directions, (step + 1) * rule.directions);
      rule.move(values, step, place.learningRate, own);
    }
  } else for (let i = 0; i < values.length; i += 1) values[i]! += update[i]!;
  return unflatten(spec, values, trainedParts, before.weights);
}
