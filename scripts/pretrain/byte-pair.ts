import { BOS_ID, EOS_ID, FIRST_MERGE_ID } from './tokenizer-json.ts';

/** GPT-2's split into words, numbers and punctuation, each with the space before it. */
const SPLIT = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Bytes of the longest piece. */
const LONGEST = 12;

interface Chunk {
  ids: number[];
  count: number;
}

const pairKey = (left: number, right: number): number => left * 65536 + right;

/**
 * Learns byte-pair merges: at each step the most frequent pair of neighbouring ids becomes a new id
 * (ties go to the smaller pair), as in Sennrich et al. 2016 on bytes. Pieces stay within 12 bytes,
 * four kana, so that no piece is a whole phrase of the lexicon.
 *
 * @returns pairs of ids; the k-th produces id 258 + k
 */
export function learnMerges(texts: Iterable<string>, vocabulary: number): [number, number][] {
  const chunks = countChunks(texts);
  const index = new PairIndex(chunks);
  const merges: [number, number][] = [];
  const lengths = Array.from({ length: FIRST_MERGE_ID }, () => 1);
  while (FIRST_MERGE_ID + merges.length < vocabulary) {
    const best = index.mostFrequent((left, right) => lengths[left]! + lengths[right]! <= LONGEST);
    if (best === undefined) break;
    const pair: [number, number] = [Math.floor(best / 65536), best % 65536];
    index.merge(pair, FIRST_MERGE_ID + merges.length);
    lengths.push(lengths[pair[0]]! + lengths[pair[1]]!);
    merges.push(pair);
  }
  return merges;
}

function countChunks(texts: Iterable<string>): Chunk[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const chunk of text.match(SPLIT) ?? []) counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => ({ ids: [...new TextEncoder().encode(text)], count }));
}

class PairIndex {
  readonly #chunks: Chunk[];
  readonly #counts = new Map<number, number>();
  readonly #places = new Map<number, Set<number>>();

  constructor(chunks: Chunk[]) {
    this.#chunks = chunks;
    chunks.forEach((chunk, at) => {
      this.#count(chunk, at, 1);
    });
  }

  mostFrequent(allowed: (left: number, right: number) => boolean): number | undefined {
    let best: number | undefined;
    let most = 1;
    for (const [pair, count] of this.#counts) {
      if (count < most || (count === most && (best === undefined || pair > best))) continue;
      if (allowed(Math.floor(pair / 65536), pair % 65536)) {
        best = pair;
        most = count;
      }
    }
    return best;
  }

  merge([left, right]: [number, number], id: number): void {
    const pair = pairKey(left, right);
    for (const at of this.#places.get(pair) ?? []) {
      const chunk = this.#chunks[at];
      if (chunk === undefined) continue;
      this.#count(chunk, at, -1);
      chunk.ids = replacePair(chunk.ids, left, right, id);
      this.#count(chunk, at, 1);
    }
    this.#counts.delete(pair);
    this.#places.delete(pair);
  }

  #count({ ids, count }: Chunk, at: number, sign: 1 | -1): void {
    for (let i = 0; i + 1 < ids.length; i++) {
      const pair = pairKey(ids[i]!, ids[i + 1]!);
      this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + sign * count);
      if (sign === -1) continue;
      const places = this.#places.get(pair);
      if (places === undefined) this.#places.set(pair, new Set([at]));
      else places.add(at);
    }
  }
}

function replacePair(ids: readonly number[], left: number, right: number, id: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      result.push(id);
      i++;
    } else {
      result.push(ids[i]!);
    }
  }
  return result;
}

/** Encodes text by learned merges; the reference that the published `tokenizer.json` must match. */
export class BytePairEncoder {
  readonly #ranks = new Map<number, number>();
  readonly #cache = new Map<string, number[]>();

  constructor(merges: readonly (readonly [number, number])[]) {
    merges.forEach(([left, right], rank) => this.#ranks.set(pairKey(left, right), rank));
  }

  /** The ids of a text, without bos and eos. */
  encode(text: string): number[] {
    return (text.match(SPLIT) ?? []).flatMap((chunk) => this.#encodeChunk(chunk));
  }

  /** The ids of a whole document: bos, the text, eos. */
  encodeDocument(text: string): number[] {
    return [BOS_ID, ...this.encode(text), EOS_ID];
  }

  #encodeChunk(chunk: string): number[] {
    const known = this.#cache.get(chunk);
    if (known !== undefined) return known;
    let ids = [...new TextEncoder().encode(chunk)];
    for (;;) {
      const rank = this.#lowestRank(ids);
      if (rank === undefined) break;
      ids = replacePair(
        ids,
        Math.floor(rank.pair / 65536),
        rank.pair % 65536,
        FIRST_MERGE_ID + rank.rank,
      );
    }
    if (this.#cache.size < 200_000) this.#cache.set(chunk, ids);
    return ids;
  }

  #lowestRank(ids: readonly number[]): { pair: number; rank: number } | undefined {
    let lowest: { pair: number; rank: number } | undefined;
    for (let i = 0; i + 1 < ids.length; i++) {
      const pair = pairKey(ids[i]!, ids[i + 1]!);
      const rank = this.#ranks.get(pair);
      if (rank !== undefined && (lowest === undefined || rank < lowest.rank))
        lowest = { pair, rank };
    }
    return lowest;
  }
}
