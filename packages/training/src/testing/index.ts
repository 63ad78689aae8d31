export { useBackend } from './backends.ts';
export { separableRows, tinyTask, tinyTraining, type TinyTraining } from './tiny-training.ts';
export {
  clipByHand,
  gradientChecks,
  norm,
  relativeDistance,
  type GradientChecks,
} from './gradient-checks.ts';
export { clippingOnly, lengthOf, noisy, plain } from './trainer-settings.ts';
export { publicDirections } from './public-directions.ts';
export { differenceChecks, meZo, type DifferenceChecks } from './zeroth-order-checks.ts';
