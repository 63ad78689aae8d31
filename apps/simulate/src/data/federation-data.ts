import { basename } from 'node:path';
import { routingFederation } from '@roundtable/inquiries';
import type { Inquiry } from '@roundtable/inquiries';
import { callerPath } from '../command-line/command.ts';
import type { SimulateOptions } from '../command-line/simulate-options.ts';
import type { FileSource, ReferenceSource, RoutingSource } from '../command-line/source-options.ts';
import { holdOut } from './held-out.ts';
import { labelsOf } from './labels.ts';
import { readReference } from './read-reference.ts';
import { readRows } from './read-rows.ts';
import type { Row } from './read-rows.ts';
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

/** Held-out rows aside, the rest over the clients. */
function dealt(
  rows: readonly Row[],
  { split, heldOut }: Pick<FileSource, 'split' | 'heldOut'>,
  clients: number | null,
  seed: string,
): Pick<FederationData, 'clients' | 'evaluation'> {
  if (rows.length < 2) throw new RangeError(`there must be at least 2 rows, got ${rows.length}`);
  const { train, test } = holdOut(rows, heldOut, MAXIMUM_TEST_ROWS, seed);
  return { clients: splitRows(train, split, clients, seed), evaluation: test };
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
  return {
    name: basename(path).slice(0, 120),
    labels: task === 'classification' ? labelsOf(read.rows, output) : null,
    ...dealt(read.rows, source, clients, seed),
    notes: [`${read.rows.length} rows, ${read.encoding}`, ...read.notes],
  };
}

async function referenceData(
  source: ReferenceSource,
  clients: number | null,
  seed: string,
): Promise<FederationData> {
  const rows = await readReference(source.name);
  return {
    name: source.name,
    labels: labelsOf(rows, 'label'),
    ...dealt(rows, source, clients, seed),
    notes: [`${rows.length} rows`],
  };
}

/** The rows of every client and of the evaluation, from a file, real data or the seeded routing federation. */
export async function federationData(options: SimulateOptions): Promise<FederationData> {
  const { source, clients, seed } = options;
  if (source.kind === 'routing') return routingData(source, clients ?? 1, seed);
  if (source.kind === 'reference') return referenceData(source, clients, seed);
  return fileData(source, clients, seed);
}
