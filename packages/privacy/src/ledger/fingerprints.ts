import { foldText } from './fold-text.ts';

const FINGERPRINT_BYTES = 16;
const AT_ONCE = 512;

/** The rows of one data set as keyed fingerprints: who lacks the key can neither read nor test a text. */
export interface FingerprintSet {
  readonly dataSetId: string;
  /** Rising, each once; 32 hexadecimal digits. */
  readonly fingerprints: readonly string[];
}

/** Where this device keeps fingerprints; they outlive the data, as the ledger does. */
export interface FingerprintStore {
  /** HMAC-SHA-256 under a key of this device alone that cannot leave it. */
  mac(bytes: Uint8Array): Promise<Uint8Array>;
  /** Durable when it resolves; a set that is known is kept once. */
  save(set: FingerprintSet): Promise<void>;
  list(): Promise<FingerprintSet[]>;
}

type Mac = FingerprintStore['mac'];

const encoder = new TextEncoder();

async function fingerprint(kind: 'row' | 'set', text: string, mac: Mac): Promise<string> {
  const digest = await mac(encoder.encode(`${kind}:${text}`));
  const bytes = [...digest.subarray(0, FINGERPRINT_BYTES)];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The fingerprints of a data set's input texts. The same rows give the same set, whatever their order, labels, encoding,
 * case or spacing.
 */
export async function fingerprintRows(texts: readonly string[], mac: Mac): Promise<FingerprintSet> {
  const rows = [...new Set(texts.map(foldText))];
  const found: string[] = [];
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const some = rows.slice(start, start + AT_ONCE);
    found.push(...(await Promise.all(some.map((row) => fingerprint('row', row, mac)))));
  }
  const fingerprints = [...new Set(found)].sort();
  return { dataSetId: await fingerprint('set', fingerprints.join(), mac), fingerprints };
}

/** Of the known data sets those, other than `set` itself, that share a row with it. */
export function overlappingDataSets(
  set: FingerprintSet,
  known: readonly FingerprintSet[],
): string[] {
  const rows = new Set(set.fingerprints);
  return known
    .filter(({ dataSetId }) => dataSetId !== set.dataSetId)
    .filter(({ fingerprints }) => fingerprints.some((each) => rows.has(each)))
    .map(({ dataSetId }) => dataSetId);
}

/**
 * Which data set these input texts are, and which earlier ones of this device share a row with it. The set is on the disk
 * before the answer, so that of two tabs at least one sees the other's.
 */
export async function identifyRows(
  texts: readonly string[],
  store: FingerprintStore,
): Promise<{ readonly dataSetId: string; readonly overlappingDataSetIds: string[] }> {
  const set = await fingerprintRows(texts, (bytes) => store.mac(bytes));
  await store.save(set);
  const overlappingDataSetIds = overlappingDataSets(set, await store.list());
  return { dataSetId: set.dataSetId, overlappingDataSetIds };
}
