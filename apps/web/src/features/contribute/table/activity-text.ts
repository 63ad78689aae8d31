import type { TrainingState } from '../../../worker/messages.ts';

/** Message keys for what is going on and why, with the values they need. */
export function activityText(training: TrainingState): {
  title: string;
  text: string;
  values: Record<string, number>;
} {
  const values = {
    step: training.step,
    steps: training.steps,
    present: training.present,
    needed: training.needed,
    done: training.prepared?.done ?? 0,
    total: training.prepared?.total ?? 0,
    missing: Math.max(0, training.needed - training.present),
  };
  let name: string = training.activity;
  if (name === 'preparing' && training.prepared) name = 'preparingExamples';
  if (name === 'paused' && training.pausedBy === 'battery') name = 'pausedBattery';
  if (name === 'waiting') name = `waiting-${training.waitingFor ?? 'next-round'}`;
  return { title: `activity.${name}`, text: `activity.${name}Text`, values };
}

/** Whether the person has taken her seat: she may be waiting, but she has started. */
export function isTakingPart(training: TrainingState): boolean {
  return !['paused', 'stopped', 'finished', 'failed', 'refused'].includes(training.activity);
}
