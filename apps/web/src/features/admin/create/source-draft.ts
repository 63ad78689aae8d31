import type { FederationSettings, TaskSettings } from '@roundtable/protocol';
import type { Draft, Preset } from './draft.ts';
import { tuningOf } from '@roundtable/methods';

function presetOf(task: TaskSettings, example: TaskSettings): Preset {
  if (JSON.stringify(task) === JSON.stringify(example)) return 'inquiries';
  return task.kind;
}

/** The draft that means these settings; σ is calibrated anew. */
export function draftOf(settings: FederationSettings, example: TaskSettings): Draft {
  const { privacy, training, method } = settings;
  const privacyTarget = privacy && {
    privacyUnit: privacy.privacyUnit,
    epsilon: privacy.epsilonBudget,
    delta: privacy.delta,
  };
  return {
    preset: presetOf(settings.task, example),
    settings: { ...settings, privacy: null },
    privacyTarget,
    clippingNorm: privacy?.clippingNorm ?? tuningOf(method, 'example').clippingNorm,
    examplesPerClient: Math.max(1, Math.round(training.batchDivisor / training.samplingRate)),
  };
}
