import type { AdapterSpec, AdapterTarget } from './spec.ts';
import type { TrainablePart } from './variant.ts';

/** The numbers of an adapter, one pair per target: A is rank × in, B is out × rank, both row-major. */
export interface AdapterWeights {
  loraA: Float32Array[];
  loraB: Float32Array[];
}

const partLength = (part: TrainablePart, rank: number, target: AdapterTarget): number =>
  rank * (part === 'A' ? target.inFeatures : target.outFeatures);

// A before B, whatever order the caller lists them in: the flat vector has one order only.
const ordered = (parts: readonly TrainablePart[]): TrainablePart[] =>
  (['A', 'B'] as const).filter((part) => parts.includes(part));

/** How many numbers the given parts hold over all targets: the length of the flat vector. */
export function parameterCount(spec: AdapterSpec, parts: readonly TrainablePart[]): number {
  let count = 0;
  for (const target of spec.targets) {
    for (const part of ordered(parts)) count += partLength(part, spec.rank, target);
  }
  return count;
}

/** The given parts as one new vector: target by target, A before B. */
export function flatten(
  weights: AdapterWeights,
  parts: readonly TrainablePart[],
): Float32Array<ArrayBuffer> {
  const arrays = weights.loraB.flatMap((b, i) =>
    ordered(parts).map((part) => (part === 'A' ? weights.loraA[i]! : b)),
  );
  const flat = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let position = 0;
  for (const array of arrays) {
    flat.set(array, position);
    position += array.length;
  }
  return flat;
}

/**
 * New weights with the given parts cut out of `flat` and copies of the other parts of `base`.
 * @throws RangeError if `flat` has not exactly the parts' length or `base` does not fit the spec
 */
export function unflatten(
  spec: AdapterSpec,
  flat: Float32Array,
  parts: readonly TrainablePart[],
  base: AdapterWeights,
): AdapterWeights {
  const expected = parameterCount(spec, parts);
  if (flat.length !== expected) {
    throw new RangeError(`flat must have ${expected} values, got ${flat.length}`);
  }
  checkWeights(spec, base);
  const result: AdapterWeights = {
    loraA: base.loraA.map((a) => a.slice()),
    loraB: base.loraB.map((b) => b.slice()),
  };
  let position = 0;
  spec.targets.forEach((target, i) => {
    for (const part of ordered(parts)) {
      const end = position + partLength(part, spec.rank, target);
      (part === 'A' ? result.loraA : result.loraB)[i] = flat.slice(position, end);
      position = end;
    }
  });
  return result;
}

/** @throws RangeError naming the first target whose A or B is missing or has the wrong length */
export function checkWeights(spec: AdapterSpec, weights: AdapterWeights): void {
  for (const part of ['A', 'B'] as const) {
    const arrays = part === 'A' ? weights.loraA : weights.loraB;
    if (arrays.length !== spec.targets.length) {
      throw new RangeError(
        `lora${part} must have ${spec.targets.length} arrays, got ${arrays.length}`,
      );
    }
    spec.targets.forEach((target, i) => {
      const expected = partLength(part, spec.rank, target);
      if (arrays[i]!.length !== expected) {
        throw new RangeError(
          `lora${part} of ${target.module} must have ${expected} values, got ${arrays[i]!.length}`,
        );
      }
    });
  }
}
