import type { AdapterSpec } from '@roundtable/lora';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

import {
  copiedFactorProduct,
  frozenFactorProduct,
  trainedFactorProduct,
} from './ops/adapter-product.ts';
import { addRows, widen } from './ops/shared-rows.ts';

/** An adapter's factors as tensors, in the order of `spec.targets`. */
export interface TensorAdapters {
  /** alpha / rank. */
  scaling: number;
  spec: AdapterSpec;
  /** Whether a gradient may flow to `a`; default false, as in FFA-LoRA. */
  trainsA?: boolean;
  /** Aᵀ, [in, r] shared or, where trained, [batch, in, r] per example. */
  a: readonly (Tensor2D | Tensor3D)[];
  /** Bᵀ, [r, out] shared or [batch, r, out] per example. */
  b: readonly (Tensor2D | Tensor3D)[];
  /**
   * Copies of the batch that differ in their adapters alone, default 1: `b` is then [copies, r, out] and `a` shared or
   * [copies, in, r]. The forward pass gives all rows of the first copy, then those of the second; what lies before the
   * first adapted module runs once. No gradient flows.
   */
  copies?: number;
  /** For the gradient of each row by itself: dB of a row is the product of its inner row and its output's gradient. */
  probe?: AdapterProbe;
}

/** Watches the adapters of a forward pass, in the order of `spec.targets`. */
export interface AdapterProbe {
  /** Zeros [rows, out] added to each adapter's output: the gradient with respect to them is the output's. */
  outputs: readonly Tensor2D[];
  /** Receives scaling · x · Aᵀ, [rows, r], of each target as it is computed. */
  onInner: (target: number, inner: Tensor2D) => void;
}

interface Factors {
  target: number;
  a: Tensor2D | Tensor3D;
  b: Tensor2D | Tensor3D;
}

/** Finds the factors of a module by its name. */
export class AdapterTable {
  readonly #factors = new Map<string, Factors>();
  readonly #scaling: number;
  readonly #trainsA: boolean;
  readonly #probe: AdapterProbe | null;
  readonly copies: number;

  constructor({ spec, scaling, trainsA = false, a, b, copies = 1, probe }: TensorAdapters) {
    this.#scaling = scaling;
    this.#trainsA = trainsA;
    this.#probe = probe ?? null;
    this.copies = copies;
    const count = spec.targets.length;
    if (a.length !== count || b.length !== count) {
      throw new RangeError(
        `adapter must have ${count} factors a and b, one per target, got ${a.length} and ${b.length}`,
      );
    }
    spec.targets.forEach((target, index) => {
      this.#factors.set(target.module, { target: index, a: a[index]!, b: b[index]! });
    });
  }

  /**
   * The module's frozen output plus scaling · (x · Aᵀ) · Bᵀ, or that output alone where no adapter sits.
   * @param sharedRows rows of one copy
   */
  addTo(frozen: Tensor2D, module: string, x: Tensor2D, sharedRows: number): Tensor2D {
    const factors = this.#factors.get(module);
    if (factors === undefined) return frozen;
    if (this.copies > 1) return this.#addToCopies(frozen, factors, x, this.copies * sharedRows);
    const { target, a, b } = factors;
    const inner =
      this.#trainsA || a.rank === 3
        ? trainedFactorProduct(x, a)
        : frozenFactorProduct(x, a as Tensor2D); // [rows, r]
    const scaled = tf.mul<Tensor2D>(inner, this.#scaling);
    const product = tf.add<Tensor2D>(frozen, trainedFactorProduct(scaled, b));
    if (this.#probe === null) return product;
    this.#probe.onInner(target, scaled);
    return tf.add(product, this.#probe.outputs[target]!);
  }

  #addToCopies(frozen: Tensor2D, { a, b }: Factors, x: Tensor2D, rows: number): Tensor2D {
    const inner =
      a.rank === 3
        ? copiedFactorProduct(widen(x, rows), a as Tensor3D)
        : widen(tf.matMul(x, a), rows);
    const scaled = tf.mul<Tensor2D>(inner, this.#scaling);
    return addRows(frozen, copiedFactorProduct(scaled, b as Tensor3D));
  }
}
