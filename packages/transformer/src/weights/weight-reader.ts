import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

import { FrozenMatrix } from '../ops/frozen-linear.ts';
import type { FrozenLinear } from '../ops/frozen-linear.ts';
import type { TensorFiles } from './tensor-files.ts';

/** How a checkpoint stores a linear weight: Linear [out, in], or GPT-2's Conv1D [in, out]. */
type StoredAs = 'rows' | 'columns';

interface LinearShape {
  inFeatures: number;
  outFeatures: number;
  hasBias: boolean;
  storedAs: StoredAs;
}

/** Turns the tensors of a checkpoint into kept tensors of the active backend, and owns them. */
export class WeightReader {
  readonly #files: TensorFiles;
  readonly #prefix: string;
  readonly #onBytes: (loadedBytes: number) => void;
  readonly #vectors: Tensor[] = [];
  readonly #matrices: FrozenMatrix[] = [];
  #loadedBytes = 0;
  #numbers = 0;

  /** @param prefix what stands before the names of the transformer's own tensors in the file */
  constructor(files: TensorFiles, prefix: string, onBytes: (loadedBytes: number) => void) {
    this.#files = files;
    this.#prefix = prefix;
    this.#onBytes = onBytes;
  }

  /** Bytes of the weights in memory as float32, without the transposed copies. */
  get weightBytes(): number {
    return 4 * this.#numbers;
  }

  async vector(name: string, length: number): Promise<Tensor1D> {
    const values = await this.#read(this.#prefix + name, [length]);
    const tensor = tf.keep(tf.tensor1d(values));
    this.#vectors.push(tensor);
    return tensor;
  }

  /** A table that only lookups use. */
  async table(name: string, rows: number, width: number): Promise<Tensor2D> {
    const values = await this.#read(this.#prefix + name, [rows, width]);
    const tensor = tf.keep(tf.tensor2d(values, [rows, width]));
    this.#vectors.push(tensor);
    return tensor;
  }

  /** Embedding or head, kept by rows: [rows, width]. `isRooted` skips the prefix. */
  async rows(name: string, rows: number, width: number, isRooted = false): Promise<FrozenMatrix> {
    const fullName = isRooted ? name : this.#prefix + name;
    const values = await this.#read(fullName, [rows, width]);
    return this.#own(new FrozenMatrix(tf.tensor2d(values, [rows, width]), 'rows'));
  }

  /**
   * @param module the module's name in Hugging Face's class with a head, by which adapters find it
   * @param name its name in the file, without prefix
   */
  async linear(module: string, name: string, shape: LinearShape): Promise<FrozenLinear> {
    const { inFeatures, outFeatures, storedAs } = shape;
    const stored: [number, number] =
      storedAs === 'rows' ? [outFeatures, inFeatures] : [inFeatures, outFeatures];
    const values = await this.#read(`${this.#prefix}${name}.weight`, stored);
    const columns = tf.tidy(() => {
      const tensor = tf.tensor2d(values, stored);
      return storedAs === 'rows' ? tf.transpose(tensor, [1, 0]) : tensor;
    });
    const matrix = this.#own(new FrozenMatrix(columns, 'columns'));
    const bias = shape.hasBias ? await this.vector(`${name}.bias`, outFeatures) : null;
    return { module, matrix, bias };
  }

  dispose(): void {
    for (const tensor of this.#vectors) tensor.dispose();
    for (const matrix of this.#matrices) matrix.dispose();
  }

  #own(matrix: FrozenMatrix): FrozenMatrix {
    this.#matrices.push(matrix);
    return matrix;
  }

  async #read(name: string, shape: number[]): Promise<Float32Array> {
    const values = await this.#files.read(name, shape);
    this.#loadedBytes += this.#files.byteLength(name);
    this.#numbers += values.length;
    this.#onBytes(this.#loadedBytes);
    return values;
  }
}
