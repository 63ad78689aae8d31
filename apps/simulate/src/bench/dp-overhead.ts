import * as tf from '@tensorflow/tfjs-core';
import type { Task } from '@roundtable/training';
import { compare, type Comparison } from './interleaved.ts';
import { subject, trainerOf } from './subject.ts';

type Overhead = Comparison & {
  /** Median over pairs of DP step / non-private step. */
  readonly overhead: number;
};

export interface DpOverheadResult {
  readonly backend: string;
  /** q and v of every layer, language-model loss, batch 8. */
  readonly papers: Overhead;
  /** o and down of the last layer, labels, cached prefix, 256 examples. */
  readonly fast: Overhead;
}

async function overhead(
  preset: 'papers' | 'fast',
  kind: Task['kind'],
  pairs: number,
  batch?: number,
): Promise<Overhead> {
  const measured = await subject(preset, kind, batch);
  const plain = trainerOf(measured, false);
  const withPrivacy = trainerOf(measured, true);
  const result = await compare(
    () => plain.step(),
    () => withPrivacy.step(),
    pairs,
  );
  plain.dispose();
  withPrivacy.dispose();
  measured.model.dispose();
  return { ...result, overhead: result.secondOverFirst };
}

/** DP step / non-private step, on the active backend: clipping, noise and all. */
export async function run(pairs: number): Promise<DpOverheadResult> {
  return {
    backend: tf.getBackend(),
    papers: await overhead('papers', 'generation', pairs),
    // A step of some 20 ms: more pairs, or one other process decides.
    fast: await overhead('fast', 'classification', 5 * pairs, 256),
  };
}
