export { SafetensorsError } from './error.ts';
export { headerByteLength, parseHeader } from './header.ts';
export type { Dtype, SafetensorsHeader, TensorEntry } from './header.ts';
export { decodeTensor } from './decode.ts';
export { encodeSafetensors } from './encode.ts';
export type { TensorToEncode } from './encode.ts';
export { parseShardIndex } from './shards.ts';
export { floatToHalf, halfToFloat } from '@roundtable/linalg';
