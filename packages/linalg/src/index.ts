export { floatToHalf, halfToFloat } from './half.ts';
export { frobeniusNorm, l2Norm, matmul, matrix, transpose } from './matrix.ts';
export type { Matrix } from './matrix.ts';
export { orthonormalizeRows, thinQr } from './qr.ts';
export { symmetricEigen } from './eigen.ts';
