import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type { Matrix } from '@roundtable/linalg';
import { argmax, CLASSES, WIDTH, type ToyData } from './world.ts';

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

/** A·x, [rank]. */
export function lowOf(a: Float32Array, input: Float64Array): Float64Array {
  const low = new Float64Array(TOY_RANK);
  for (let k = 0; k < TOY_RANK; k += 1) {
    let sum = 0;
    for (let j = 0; j < WIDTH; j += 1) sum += a[k * WIDTH + j]! * input[j]!;
    low[k] = sum;
  }
  return low;
}

/** B·low, [WIDTH]. */
export function raised(b: Float32Array, low: Float64Array): Float64Array {
  const values = new Float64Array(WIDTH);
  for (let i = 0; i < WIDTH; i += 1) {
    let sum = 0;
    for (let k = 0; k < TOY_RANK; k += 1) sum += b[i * TOY_RANK + k]! * low[k]!;
    values[i] = sum;
  }
  return values;
}

/** V·tanh(frozen + change), and the tanh itself into `hidden`. */
function logitsOf(
  readout: Matrix,
  frozen: Float64Array,
  change: Float64Array,
  hidden: Float64Array,
): Float64Array {
  for (let i = 0; i < WIDTH; i += 1) hidden[i] = Math.tanh(frozen[i]! + change[i]!);
  const logits = new Float64Array(CLASSES);
  const { data } = readout;
  for (let c = 0; c < CLASSES; c += 1) {
    let sum = 0;
    for (let i = 0, at = c * WIDTH; i < WIDTH; i += 1, at += 1) sum += data[at]! * hidden[i]!;
    logits[c] = sum;
  }
  return logits;
}

function softmax(logits: Float64Array): Float64Array {
  let largest = -Infinity;
  for (const value of logits) largest = Math.max(largest, value);
  const powers = new Float64Array(CLASSES);
  let total = 0;
  for (let c = 0; c < CLASSES; c += 1) {
    powers[c] = Math.exp(logits[c]! - largest);
    total += powers[c]!;
  }
  for (let c = 0; c < CLASSES; c += 1) powers[c] = powers[c]! / total;
  return powers;
}

/** −log softmax at the label, in nats. */
export function crossEntropy(logits: Float64Array, label: number): number {
  let largest = -Infinity;
  for (let c = 0; c < CLASSES; c += 1) largest = Math.max(largest, logits[c]!);
  let total = 0;
  for (let c = 0; c < CLASSES; c += 1) total += Math.exp(logits[c]! - largest);
  return Math.log(total) + largest - logits[label]!;
}

/** Cross-entropy of one example, in nats. */
export function toyLoss(
  readout: Matrix,
  data: ToyData,
  index: number,
  { loraA, loraB }: AdapterWeights,
): number {
  const low = lowOf(loraA[0]!, data.inputs[index]!);
  const change = raised(loraB[0]!, low);
  const logits = logitsOf(readout, data.frozen[index]!, change, new Float64Array(WIDTH));
  return crossEntropy(logits, data.labels[index]!);
}

/** dL/d((W0 + BA)x), [WIDTH], of an example whose layer adds `change`. */
function outerGradient(
  readout: Matrix,
  data: ToyData,
  index: number,
  change: Float64Array,
): Float64Array {
  const hidden = new Float64Array(WIDTH);
  const errors = softmax(logitsOf(readout, data.frozen[index]!, change, hidden));
  const label = data.labels[index]!;
  errors[label] = errors[label]! - 1;
  const outer = new Float64Array(WIDTH);
  for (let i = 0; i < WIDTH; i += 1) {
    let sum = 0;
    for (let c = 0; c < CLASSES; c += 1) sum += readout.data[c * WIDTH + i]! * errors[c]!;
    outer[i] = sum * (1 - hidden[i]! * hidden[i]!);
  }
  return outer;
}

/** Gradient of one example's loss: of B alone [WIDTH·rank], or of A and B in `flatten`'s order. */
export function toyGradient(
  readout: Matrix,
  data: ToyData,
  index: number,
  { loraA, loraB }: AdapterWeights,
  trainsA: boolean,
): Float64Array {
  const [b, input] = [loraB[0]!, data.inputs[index]!];
  const low = lowOf(loraA[0]!, input);
  const outer = outerGradient(readout, data, index, raised(b, low));
  const lengthA = trainsA ? TOY_RANK * WIDTH : 0;
  const gradient = new Float64Array(lengthA + WIDTH * TOY_RANK);
  for (let k = 0; k < TOY_RANK; k += 1) {
    let back = 0; // (Bᵀ·outer)[k]
    for (let i = 0; i < WIDTH; i += 1) {
      gradient[lengthA + i * TOY_RANK + k] = outer[i]! * low[k]!;
      back += b[i * TOY_RANK + k]! * outer[i]!;
    }
    if (!trainsA) continue;
    for (let j = 0; j < WIDTH; j += 1) gradient[k * WIDTH + j] = back * input[j]!;
  }
  return gradient;
}

/** Share of the examples whose largest logit is the label's, in percent. */
export function toyAccuracy(
  readout: Matrix,
  data: ToyData,
  { loraA, loraB }: AdapterWeights,
): number {
  const hidden = new Float64Array(WIDTH);
  const hits = data.inputs.filter((input, i) => {
    const change = raised(loraB[0]!, lowOf(loraA[0]!, input));
    return argmax(logitsOf(readout, data.frozen[i]!, change, hidden)) === data.labels[i];
  });
  return (100 * hits.length) / data.inputs.length;
}
