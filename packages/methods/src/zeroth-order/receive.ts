import { fetchChecked } from '../fetch-checked.ts';
import type { FetchFile, PublishedFile, ReceivedState } from '../method.ts';
import type { LogPlan } from './log-plan.ts';
import { LogState } from './log-state.ts';
import { hashOfValues, replayRound } from './replay.ts';
import { decodeScalarRecord, scalarRecordByteLength } from './scalar-record.ts';
import type { ScalarRecord } from './scalar-record.ts';

interface LogEntry {
  readonly file: PublishedFile;
  readonly record: ScalarRecord;
}

// Before anything is fetched: no honest file has another size.
function checkSize({ sizeBytes, round }: PublishedFile, { scalars, coordinates }: LogPlan): void {
  const sizes =
    round === 0
      ? [scalarRecordByteLength(0), scalarRecordByteLength(0, coordinates.length)]
      : [scalarRecordByteLength(scalars)];
  if (!sizes.includes(sizeBytes)) {
    throw new RangeError(`sizeBytes must be ${sizes.join(' or ')}, got ${sizeBytes}`);
  }
}

function checkPlace(
  { file, record }: LogEntry,
  after: ScalarRecord | null,
  { terms }: LogPlan,
): void {
  const { round, completedRounds } = record;
  if (round !== file.round) {
    throw new RangeError(`record.round must be ${file.round}, got ${round}`);
  }
  const { rounds } = terms.settings;
  if (completedRounds >= rounds) {
    throw new RangeError(`record.completedRounds must be < ${rounds}, got ${completedRounds}`);
  }
  // Each record before stands one round earlier, down to the genesis: the chain is as long as its head says, no longer.
  if (after === null) return;
  const expected = Math.max(0, after.completedRounds - 1);
  if (completedRounds !== expected) {
    throw new RangeError(`record.completedRounds must be ${expected}, got ${completedRounds}`);
  }
}

/** The records after `known`, or all of them where it is not in the log of `reference`; the newest first. */
async function recordsSince(
  plan: LogPlan,
  reference: PublishedFile,
  fetchFile: FetchFile,
  known: LogState | null,
): Promise<{ readonly entries: readonly LogEntry[]; readonly meets: LogState | null }> {
  const entries: LogEntry[] = [];
  let file: PublishedFile | null = reference;
  while (file !== null) {
    if (known !== null && file.sha256 === known.sha256) return { entries, meets: known };
    checkSize(file, plan);
    const record = decodeScalarRecord(await fetchChecked(file, fetchFile));
    const entry: LogEntry = { file, record };
    checkPlace(entry, entries.at(-1)?.record ?? null, plan);
    entries.push(entry);
    file = record.previous;
  }
  return { entries, meets: null };
}

function genesisValues(plan: LogPlan, { start }: ScalarRecord): Float32Array {
  const { length } = plan.coordinates;
  if (start === null) return plan.seedValues;
  if (start.length === length) return start;
  throw new RangeError(`record.start must have ${length} values, got ${start.length}`);
}

async function follow(
  plan: LogPlan,
  { file, record }: LogEntry,
  before: LogState | null,
): Promise<LogState> {
  const { round, completedRounds, scalars, learningRate, stateSha256 } = record;
  let values: Float32Array;
  if (before === null) values = genesisValues(plan, record);
  else {
    if (completedRounds !== before.completedRounds || round <= before.round) {
      throw new RangeError(
        `record.round ${round} after ${completedRounds} rounds must follow ` +
          `${before.round} after ${before.completedRounds}`,
      );
    }
    if (scalars.length !== plan.scalars) {
      throw new RangeError(`record.scalars must be ${plan.scalars}, got ${scalars.length}`);
    }
    const moves = { learningRate, scalars, pull: before.pull };
    values = await replayRound(before.values, plan, round, moves);
  }
  const found = await hashOfValues(values);
  if (found !== stateSha256) {
    throw new RangeError(
      `the weights after round ${round} must have the SHA-256 ${stateSha256}, got ${found}`,
    );
  }
  return new LogState(plan, { sha256: file.sha256, round }, values, before);
}

/** The state that a client has of this very federation; null for any other. */
export function knownState(known: ReceivedState | null, federationId: string): LogState | null {
  if (!(known instanceof LogState)) return null;
  return known.plan.terms.federationId === federationId ? known : null;
}

/**
 * The weights at `reference`: back from the newest record to the one whose state is known, or to the genesis, then
 * forward again, every state compared with the hash in its record.
 * @throws RangeError where a file or the chain is not what an honest hub publishes, or the replay differs
 */
export async function receiveLog(
  plan: LogPlan,
  reference: PublishedFile,
  fetchFile: FetchFile,
  known: LogState | null,
): Promise<LogState> {
  const { entries, meets } = await recordsSince(plan, reference, fetchFile, known);
  let state = meets;
  for (const entry of [...entries].reverse()) state = await follow(plan, entry, state);
  if (state === null) throw new RangeError('the log must have a record, got none');
  return state;
}
