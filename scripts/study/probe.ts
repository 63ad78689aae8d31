import { encodeExamples } from '@roundtable/training';

import { parseSimulateOptions } from '../../apps/simulate/src/command-line/simulate-options.ts';
import { federationData } from '../../apps/simulate/src/data/federation-data.ts';
import { openModel } from '../../apps/simulate/src/model/open-model.ts';
import type { SimulationReport } from '../../apps/simulate/src/report/simulation-report.ts';
import { fitLinearProbe } from '../pretrain/linear-probe.ts';
import { lastStates } from './last-states.ts';

/**
 * Held-out accuracy (0 to 1) of a linear probe on the base model's last position: all clients' rows in
 * one place, no privacy, the rows and prompts of the given run.
 */
export async function probeAccuracy(
  args: readonly string[],
  { settings: { task } }: SimulationReport,
): Promise<number> {
  if (task.kind !== 'classification') throw new Error('a probe needs labels');
  const options = parseSimulateOptions([...args]);
  const { clients, evaluation } = await federationData(options);
  const { model } = await openModel(options.model);
  try {
    const train = encodeExamples(model.tokenizer, task, clients.flat()).examples;
    const test = encodeExamples(model.tokenizer, task, evaluation).examples;
    const prompts = [...train, ...test].map(({ promptIds }) => promptIds);
    const states = await lastStates(model, prompts);
    const labels = train.map(({ label }) => label!);
    const probe = fitLinearProbe(states.slice(0, train.length), labels, task.labels.length, 0.003);
    const guesses = probe.predict(states.slice(train.length));
    return guesses.filter((guess, k) => guess === test[k]!.label).length / test.length;
  } finally {
    model.dispose();
  }
}
