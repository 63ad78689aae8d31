import { basename } from 'node:path';
import { routingFederation } from '@roundtable/inquiries';
import type { Inquiry } from '@roundtable/inquiries';
import { callerPath } from '../command-line/command.ts';
import type { FileSource, RoutingSource, SimulateOptions } from '../command-line/simulate-options.ts';
import { holdOut } from './held-out.ts';
import { labelsOf } from './labels.ts';
import { readRows } from './read-rows.ts';
import { splitRows } from './split.ts';

type TextRow = Readonly<Record<'input' | 'output', string>>;

/** Rows of a federation before any model has seen them. */
export interface FederationData {
  readonly name: string;
  /** Label set, sorted; null for generation. */
  readonly labels: readonly string[] | null;
  readonly clients: readonly (readonly TextRow[])[];
  readonly evaluation: readonly TextRow[];
  /** What was mended or left out, for people. */
  readonly notes: readonly string[];
}

const MAXIMUM_TEST_ROWS = 1_000;

const rowOf = ({ text, label }: Inquiry): TextRow => ({ input: text, output: label });

function routingData(
  { examplesPerClient, evaluateOn }: RoutingSource,
  clients: number,
  seed: string,
): FederationData {
  const federation = routingFederation({ seed, clients, examplesPerClient });
  return {
    name: 'Inquiry routing',
    labels: federation.labels,
    clients: federation.clients.map((inquiries) => inquiries.map(rowOf)),
    evaluation: federation[evaluateOn].map(rowOf),
    notes: [],
  };
}

async function fileData(
  source: FileSource,
  clients: number | null,
  seed: string,
): Promise<FederationData> {
  const { split, input, output, encoding, task } = source;
  const group = split.kind === 'column' ? split.column : null;
  const path = callerPath(source.path);
  const read = await readRows({ path, input, output, encoding, group });
  const labels = task === 'classification' ? labelsOf(read.rows, output) : null;
  if (read.rows.length < 2) throw new RangeError('there must be at least 2 rows, got 1');
  const { train, test } = holdOut(read.rows, source.heldOut, MAXIMUM_TEST_ROWS, seed);
  return {
    name: basename(path).slice(0, 120),
    labels,
    clients: splitRows(train, split, clients, seed),
    evaluation: test,
    notes: [`${read.rows.length} rows, ${read.encoding}`, ...read.notes],
  };
}

/** The rows of every client and of the evaluation, from a file or the seeded routing federation. */
export async function federationData(options: SimulateOptions): Promise<FederationData> {
  const { source, clients, seed } = options;
  return source.kind === 'routing'
    ? routingData(source, clients ?? 1, seed)
    : fileData(source, clients, seed);
}
