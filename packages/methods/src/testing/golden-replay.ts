import { seededRandom, uniformInt } from '@roundtable/random';
import { exampleTerms } from './example-terms.ts';
import { SmallHub } from './small-hub.ts';
import { decodeScalarRecord } from '../zeroth-order/scalar-record.ts';

/** One federation for each way in which directions and steps are made. */
const cases = [
  { distribution: 'rademacher', stages: null, mask: null },
  { distribution: 'gaussian', stages: null, mask: null },
  {
    distribution: 'gaussian',
    stages: { firstStageRounds: 1, proximal: 0.03 },
    mask: { share: 0.5, end: 'highest', mode: 'rank' },
  },
] as const;

/** SHA-256 of the trained numbers after four rounds of each case, as every engine and machine must find them. */
export const goldenReplayHashes: readonly string[] = [
  '1c9576bbf90e409ec833c4c196d24633707c2ab77a3ef93d1a32540a97d5b5d9',
  '1b3e6dc46d1e5a4b044500dd7bab4876c66e034eefbdee546cda3e508ae35892',
  '31effe41d707f210ee52b2f17a2f024e9aafc45126db8e04c0637fd5df4587dd',
];

/** Sums of differences in ±8, multiples of 2^-12: whole numbers only, so that no engine's logarithm shows. */
function goldenUpdate(length: number, seed: string): Float64Array {
  const random = seededRandom(`golden/${seed}`);
  return Float64Array.from({ length }, () => (uniformInt(random, 2 ** 16) - 2 ** 15) / 2 ** 12);
}

/** The same, replayed here by a client that has nothing yet. */
export async function replayHashes(): Promise<string[]> {
  const found: string[] = [];
  for (const zerothOrder of cases) {
    const terms = exampleTerms({ name: 'zeroth-order', zerothOrder });
    const hub = await SmallHub.start(terms);
    for (const seed of ['one', 'two', 'three', 'four']) {
      await hub.complete(goldenUpdate(hub.method.uploadLength(), seed));
    }
    await hub.method.receive(hub.head.published, hub.fetchFile, null);
    found.push(decodeScalarRecord(hub.head.file).stateSha256);
  }
  return found;
}
