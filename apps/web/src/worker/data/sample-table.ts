import { routingFederation } from '@roundtable/inquiries';
import type { FileReport } from '../messages.ts';

const sampleExamples = 160;

/** Invented inquiries for one person; `seed` makes each person's others. */
export function sampleTable(seed: string): {
  table: { columns: string[]; rows: string[][] };
  report: FileReport;
} {
  const { clients } = routingFederation({
    seed,
    clients: 1,
    examplesPerClient: sampleExamples,
    validationSize: 0,
    testSize: 0,
  });
  const rows = (clients[0] ?? []).map(({ text, label }) => [text, label]);
  const name = 'sample-inquiries.csv';
  return {
    table: { columns: ['text', 'label'], rows },
    report: { name, rows: rows.length, encoding: 'utf-8', error: null, warnings: [] },
  };
}
