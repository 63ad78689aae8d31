/** A learning rate, and how well it did on the validation split. */
export interface TriedRate {
  readonly rate: number;
  readonly accuracy: number;
  readonly loss: number;
}

export interface RateGrid {
  /** Rising, none twice. */
  readonly rates: readonly number[];
  /** Whether the search goes on beyond an end that did best. */
  readonly isOpen: boolean;
}

const FACTORS = [0.5, 1, 2];
const MOST_EXTENSIONS = 4;

/** Around a rate that is known to learn something. */
export function gridAround(rate: number): RateGrid {
  return { rates: FACTORS.map((factor) => factor * rate), isOpen: true };
}

/** Highest accuracy; between equals the lower loss. */
export function bestOf(tried: readonly TriedRate[]): TriedRate {
  return tried.reduce((best, one) => {
    const isBetter =
      one.accuracy > best.accuracy || (one.accuracy === best.accuracy && one.loss < best.loss);
    return isBetter ? one : best;
  });
}

/** Tries a grid; where an end of an open one does best, goes on beyond it by factors of two. */
export async function searchRate(
  { rates, isOpen }: RateGrid,
  tryRate: (rate: number) => Promise<TriedRate>,
): Promise<TriedRate[]> {
  const tried: TriedRate[] = [];
  for (const rate of rates) tried.push(await tryRate(rate));
  for (let extensions = 0; isOpen && extensions < MOST_EXTENSIONS; extensions += 1) {
    const { rate } = bestOf(tried);
    const all = tried.map((one) => one.rate);
    if (rate === Math.max(...all)) tried.push(await tryRate(2 * rate));
    else if (rate === Math.min(...all)) tried.push(await tryRate(rate / 2));
    else break;
  }
  return tried;
}
