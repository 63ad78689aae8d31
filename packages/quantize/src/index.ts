export { dequantize } from './tensor.ts';
export type { Bits, QuantizedTensor, QuantizeSettings } from './tensor.ts';
export { quantizeNearest, quantizeStochastic } from './quantize.ts';
export { decodePayload, encodePayload, payloadByteLength } from './payload.ts';
export { decodeVector, encodeVector, vectorFileByteLength } from './vector-file.ts';
export type { VectorEncoding } from './vector-file.ts';
export { decodeIntegers, encodeIntegers } from './integers.ts';
export type { BytesPerValue, IntegerSettings } from './integers.ts';
