export { floatToHalf, halfToFloat } from './half.ts';
