import type { TaskSettings } from '@roundtable/protocol';
import { encodeExamples } from '@roundtable/training';
import type { Example } from '@roundtable/training';
import type { BaseModel } from '@roundtable/transformer';
import { say } from '../command-line/command.ts';
import type { FederationData } from './federation-data.ts';

export interface EncodedData {
  /** None empty. */
  readonly clients: Example[][];
  /** Not empty. */
  readonly evaluation: Example[];
}

/** @throws Error where a client, or the evaluation, has no row that fits */
export function encodeData(
  model: BaseModel,
  task: TaskSettings,
  data: Pick<FederationData, 'clients' | 'evaluation'>,
): EncodedData {
  let skipped = 0;
  const examplesOf = (rows: FederationData['evaluation']): Example[] => {
    const encoded = encodeExamples(model.tokenizer, task, rows);
    skipped += encoded.skipped.length;
    return encoded.examples;
  };
  const clients = data.clients.map(examplesOf);
  const evaluation = examplesOf(data.evaluation);
  if (skipped > 0)
    say(`${skipped} rows left out: they do not fit into ${task.maxTokens} tokens (--max-tokens)`);
  if (evaluation.length === 0) throw new Error('no held-out row can be used');
  const empty = clients.findIndex((examples) => examples.length === 0);
  if (empty >= 0) throw new Error(`client ${empty + 1} has no usable row`);
  return { clients, evaluation };
}
