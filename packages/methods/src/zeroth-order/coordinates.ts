import { adapterVariant, parameterCount } from '@roundtable/lora';
import type { AdapterSpec, AdapterVariant, TrainablePart } from '@roundtable/lora';
import type { ZerothOrderSettings } from '@roundtable/protocol';

/** One tensor of the adapter within the flat vector θ. */
export interface AdapterTensor {
  /** As in PEFT's files without prefix and suffix: `….o_proj.lora_B`. */
  readonly name: string;
  readonly part: TrainablePart;
  /** Index of its target in the spec. */
  readonly target: number;
  readonly start: number;
  readonly length: number;
  /** Whether it moves; a tensor of θ that is not named stays as it is. */
  readonly isTrained: boolean;
}

/** θ: which numbers of the adapter are in it and which of them move. */
export interface Coordinates {
  /** Those of FFA-LoRA, or of LoRA where a tensor of A is named. */
  readonly variant: AdapterVariant;
  readonly length: number;
  readonly tensors: readonly AdapterTensor[];
}

/**
 * The coordinates that `weights` means on this adapter, in the flat vector's order.
 * @throws RangeError naming a tensor that the adapter does not have, and those it has
 */
export function coordinatesOf(
  spec: AdapterSpec,
  weights: ZerothOrderSettings['weights'],
): Coordinates {
  const named = weights === 'B' ? null : new Set(weights);
  const nameOf = (part: TrainablePart, module: string): string => `${module}.lora_${part}`;
  const allowed = spec.targets.flatMap(({ module }) => [nameOf('A', module), nameOf('B', module)]);
  for (const name of named ?? []) {
    if (allowed.includes(name)) continue;
    throw new RangeError(
      `zerothOrder.weights: ${name} is not in this adapter, which has ${allowed.join(', ')}`,
    );
  }
  const movesA = spec.targets.some(({ module }) => named?.has(nameOf('A', module)));
  const variant = adapterVariant(movesA ? 'lora' : 'ffa-lora');
  const tensors: AdapterTensor[] = [];
  let start = 0;
  spec.targets.forEach((each, target) => {
    for (const part of variant.trainedParts) {
      const length = parameterCount({ ...spec, targets: [each] }, [part]);
      const name = nameOf(part, each.module);
      const isTrained = named === null || named.has(name);
      tensors.push({ name, part, target, start, length, isTrained });
      start += length;
    }
  });
  return { variant, length: start, tensors };
}
