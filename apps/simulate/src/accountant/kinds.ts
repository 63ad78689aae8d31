import { boundKinds } from './bound-kinds.ts';
import { gaussianKinds } from './gaussian-kinds.ts';
import { lossKinds } from './loss-kinds.ts';
import { noiseKinds } from './noise-kinds.ts';
import type { Json, Params } from './params.ts';

/** The value of a case, by its kind. */
export const kinds: ReadonlyMap<string, (params: Params) => Json> = new Map(
  Object.entries({ ...gaussianKinds, ...boundKinds, ...lossKinds, ...noiseKinds }),
);
