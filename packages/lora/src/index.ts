export { adapterScaling, checkRank, moduleNames, resolveAdapterSpec } from './spec.ts';
export type {
  AdapterChoice,
  AdapterSpec,
  AdapterTarget,
  AInit,
  ModuleCatalog,
  ModuleChoice,
} from './spec.ts';
export { adapterPresets } from './presets.ts';
export type { AdapterPresets } from './presets.ts';
export { adapterVariant } from './variant.ts';
export type { AdapterVariant, AdapterVariantName, TrainablePart } from './variant.ts';
export { initialA, initialWeights } from './initial.ts';
export { refactorAdapter } from './refactor.ts';
export { direction, moveAlong } from './direction.ts';
export type { DirectionKind } from './direction.ts';
export { checkWeights, flatten, parameterCount, unflatten } from './weights.ts';
export type { AdapterWeights } from './weights.ts';
export { toPeft } from './peft-write.ts';
export type { PeftFiles } from './peft-write.ts';
export { fromPeft } from './peft-read.ts';
