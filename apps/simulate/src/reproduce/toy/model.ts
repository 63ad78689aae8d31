import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type { Matrix } from '@roundtable/linalg';
import { argmax, CLASSES, times, WIDTH, type ToyData } from './world.ts';

export const TOY_RANK = 4;

/** The toy's one adapted matrix, scaling 1. */
export function toySpec(aInit: AdapterSpec['aInit'], seed: string): AdapterSpec {
  return {
    rank: TOY_RANK,
    alpha: TOY_RANK,
    aInit,
    aSeed: `toy/${seed}`,
    fanInFanOut: false,
    targets: [{ module: 'toy', inFeatures: WIDTH, outFeatures: WIDTH, layer: 0 }],
  };
}

interface Forward {
  readonly low: Float64Array; // A·x, [rank]
  readonly hidden: Float64Array; // tanh, [WIDTH]
  readonly logits: Float64Array; // [CLASSES]
}

/** One example through the toy with adapter factors a [rank × WIDTH] and b [WIDTH × rank]. */
function forward(
  readout: Matrix,
  frozen: Float64Array,
  input: Float64Array,
  a: Float32Array,
  b: Float32Array,
): Forward {
  const low = new Float64Array(TOY_RANK);
  for (let k = 0; k < TOY_RANK; k += 1) {
    for (let j = 0; j < WIDTH; j += 1) low[k]! += a[k * WIDTH + j]! * input[j]!;
  }
  const hidden = new Float64Array(WIDTH);
  for (let i = 0; i < WIDTH; i += 1) {
    let sum = frozen[i]!;
    for (let k = 0; k < TOY_RANK; k += 1) sum += b[i * TOY_RANK + k]! * low[k]!;
    hidden[i] = Math.tanh(sum);
  }
  return { low, hidden, logits: times(readout, hidden) };
}

function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/** Mean cross-entropy over one example, in nats. */
export function toyLoss(
  readout: Matrix,
  data: ToyData,
  index: number,
  { loraA, loraB }: AdapterWeights,
): number {
  const { logits } = forward(
    readout,
    data.frozen[index]!,
    data.inputs[index]!,
    loraA[0]!,
    loraB[0]!,
  );
  return -Math.log(softmax(logits)[data.labels[index]!]!);
}

/** Gradient of one example's loss: of B alone [WIDTH·rank], or of A and B in `flatten`'s order. */
export function toyGradient(
  readout: Matrix,
  data: ToyData,
  index: number,
  { loraA, loraB }: AdapterWeights,
  trainsA: boolean,
): Float64Array {
  const [a, b, input] = [loraA[0]!, loraB[0]!, data.inputs[index]!];
  const { low, hidden, logits } = forward(readout, data.frozen[index]!, input, a, b);
  const errors = softmax(logits);
  errors[data.labels[index]!]! -= 1;
  const outer = new Float64Array(WIDTH); // dL/d((W0 + BA)x)
  for (let i = 0; i < WIDTH; i += 1) {
    let sum = 0;
    for (let c = 0; c < CLASSES; c += 1) sum += readout.data[c * WIDTH + i]! * errors[c]!;
    outer[i] = sum * (1 - hidden[i]! * hidden[i]!);
  }
  const lengthA = trainsA ? TOY_RANK * WIDTH : 0;
  const gradient = new Float64Array(lengthA + WIDTH * TOY_RANK);
  for (let k = 0; k < TOY_RANK; k += 1) {
    let back = 0; // (Bᵀ·outer)[k]
    for (let i = 0; i < WIDTH; i += 1) {
      gradient[lengthA + i * TOY_RANK + k] = outer[i]! * low[k]!;
      back += b[i * TOY_RANK + k]! * outer[i]!;
    }
    for (let j = 0; j < (trainsA ? WIDTH : 0); j += 1) gradient[k * WIDTH + j] = back * input[j]!;
  }
  return gradient;
}

/** Share of the examples whose largest logit is the label's, in percent. */
export function toyAccuracy(
  readout: Matrix,
  data: ToyData,
  { loraA, loraB }: AdapterWeights,
): number {
  const hits = data.inputs.filter((input, i) => {
    const { logits } = forward(readout, data.frozen[i]!, input, loraA[0]!, loraB[0]!);
    return argmax(logits) === data.labels[i];
  });
  return (100 * hits.length) / data.inputs.length;
}
