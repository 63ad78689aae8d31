import { gaussian, seededRandom, shuffle } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';
import type { Row } from './read-rows.ts';

/** How rows go to clients. */
export type Split =
  | { readonly kind: 'iid' }
  /** Dirichlet(½) shares of each label over the clients (Hsu et al. 2019). */
  | { readonly kind: 'label-skew' }
  /** Rows with one value of a column stay together. */
  | { readonly kind: 'column'; readonly column: string };

function iid(rows: readonly Row[], clients: number, random: SeededRandom): Row[][] {
  const parts = Array.from({ length: clients }, (): Row[] => []);
  shuffle(random, rows).forEach((row, i) => parts[i % clients]!.push(row));
  return parts;
}

/** A draw of Dirichlet(½, …, ½): squares of normal numbers are gamma of shape ½. */
function dirichletOfHalf(random: SeededRandom, size: number): number[] {
  const draws = Array.from({ length: size }, () => gaussian(random) ** 2);
  const sum = draws.reduce((total, draw) => total + draw, 0);
  return draws.map((draw) => draw / sum);
}

function labelSkew(rows: readonly Row[], clients: number, random: SeededRandom): Row[][] {
  const parts = Array.from({ length: clients }, (): Row[] => []);
  const labels = [...new Set(rows.map(({ output }) => output))].sort();
  for (const label of labels) {
    const own = shuffle(
      random,
      rows.filter(({ output }) => output === label),
    );
    let share = 0;
    let start = 0;
    dirichletOfHalf(random, clients).forEach((part, client) => {
      share += part;
      const end = client === clients - 1 ? own.length : Math.round(share * own.length);
      parts[client]!.push(...own.slice(start, end));
      start = end;
    });
  }
  giveEveryoneARow(parts);
  return parts;
}

/** A client without any row could not take part. */
function giveEveryoneARow(parts: Row[][]): void {
  for (const part of parts) {
    if (part.length > 0) continue;
    const largest = parts.reduce((a, b) => (b.length > a.length ? b : a));
    part.push(largest.pop()!);
  }
}

function byColumn(rows: readonly Row[], clients: number | null): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.group);
    if (group === undefined) groups.set(row.group, [row]);
    else group.push(row);
  }
  const count = clients ?? groups.size;
  if (count > groups.size) {
    throw new RangeError(`--clients must be ≤ ${groups.size}, the values of the column, got ${count}`);
  }
  const parts = Array.from({ length: count }, (): Row[] => []);
  const falling = [...groups.values()].sort((a, b) => b.length - a.length);
  for (const group of falling) parts.reduce((a, b) => (b.length < a.length ? b : a)).push(...group);
  return parts;
}

/**
 * Rows of each client; every client has at least one.
 * @param clients null for one client per value of the column, otherwise groups are spread as evenly as they go
 * @throws RangeError where there are fewer rows, or column values, than clients
 */
export function splitRows(
  rows: readonly Row[],
  split: Split,
  clients: number | null,
  seed: string,
): Row[][] {
  if (split.kind === 'column') return byColumn(rows, clients);
  const count = clients ?? 1;
  if (count > rows.length) {
    throw new RangeError(`--clients must be ≤ ${rows.length}, the training rows, got ${count}`);
  }
  const random = seededRandom(`${seed}/split`);
  return split.kind === 'iid' ? iid(rows, count, random) : labelSkew(rows, count, random);
}
