/** Moves weights by a released gradient; keeps its own state between steps. */
export interface Optimizer {
  /** @param gradient the released sum over examples / batchDivisor, as long as `weights` */
  apply(weights: Float32Array, gradient: Float32Array, learningRate: number): void;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** θ ← θ − η·g. */
export function sgd(): Optimizer {
  return {
    apply: (weights, gradient, learningRate) => {
      for (let i = 0; i < weights.length; i += 1) weights[i]! -= learningRate * gradient[i]!;
    },
  };
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with β₁ = .9, β₂ = .999, each coordinate's step held to η, which makes the hub's
 * bound η·√d on a step exact.
 */
export function adam(length: number): Optimizer {
  const first = new Float64Array(length);
  const second = new Float64Array(length);
  let steps = 0;
  return {
    apply: (weights, gradient, learningRate) => {
      steps += 1;
      const correction1 = 1 - BETA1 ** steps;
      const correction2 = 1 - BETA2 ** steps;
      for (let i = 0; i < weights.length; i += 1) {
        first[i] = BETA1 * first[i]! + (1 - BETA1) * gradient[i]!;
        second[i] = BETA2 * second[i]! + (1 - BETA2) * gradient[i]! ** 2;
        const step = first[i]! / correction1 / (Math.sqrt(second[i]! / correction2) + EPSILON);
        weights[i]! -= learningRate * Math.min(1, Math.max(-1, step));
      }
    },
  };
}
