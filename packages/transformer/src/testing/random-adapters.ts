import { resolveAdapterSpec } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import * as tf from '@tensorflow/tfjs-core';

import type { TensorAdapters } from '../adapters.ts';
import type { BaseModel } from '../base-model.ts';
import { moduleCatalog } from '../catalog.ts';
import { normals } from './tiny-model.ts';

/** A rank-2 adapter specification over the named modules and layers. */
export function tinySpec(
  model: BaseModel,
  modules: string[],
  layers: 'all' | number[],
): AdapterSpec {
  return resolveAdapterSpec(
    { rank: 2, alpha: 4, aInit: 'orthonormal', aSeed: 'test', modules, layers },
    moduleCatalog(model.config),
  );
}

/** Random factors: A shared; B shared, or the same B once per example where `batch` is given. */
export function randomAdapters(spec: AdapterSpec, seed: number, batch?: number): TensorAdapters {
  const draw = normals(seed);
  const matrix = (rows: number, columns: number, deviation: number) =>
    tf.tensor2d(
      Float32Array.from({ length: rows * columns }, () => deviation * draw()),
      [rows, columns],
    );
  const a = spec.targets.map(({ inFeatures }) =>
    matrix(inFeatures, spec.rank, 1 / Math.sqrt(inFeatures)),
  );
  const shared = spec.targets.map(({ outFeatures }) => matrix(spec.rank, outFeatures, 0.2));
  const b =
    batch === undefined
      ? shared
      : shared.map((factor) =>
          tf.tidy(() => tf.tile(tf.expandDims<tf.Tensor3D>(factor, 0), [batch, 1, 1])),
        );
  if (batch !== undefined) tf.dispose(shared);
  return { scaling: spec.alpha / spec.rank, spec, a, b };
}
