const MOST_TRIES = 100;
// Cost falls like a power of the argument, nearer to its square than to itself where it is small.
const FIRST_MARGIN = 1.002;

interface Point {
  readonly x: number;
  readonly cost: number;
}

/** Where the line through two points in logarithms meets the target; the middle where there is no such line. */
function between(low: Point, high: Point, target: number): number {
  const slope = Math.log(low.cost / high.cost) / Math.log(low.x / high.x);
  const x = high.x * (target / high.cost) ** (1 / slope);
  return x > low.x && x < high.x ? x : Math.sqrt(low.x * high.x);
}

/**
 * An argument x with cost(x) in [target·(1 − tolerance), target], of a cost that falls in x: false position in
 * logarithms, with a bisection wherever one end of the bracket stays.
 * @param start argument to begin with, above 0
 * @returns the lower end of what is enough where the cost jumps over the interval; its cost is at most `target`
 */
export function bracketCost(
  cost: (x: number) => number,
  target: number,
  { start, tolerance }: { start: number; tolerance: number },
): number {
  const aim = target * (1 - tolerance / 2);
  let low: Point = { x: 0, cost: Infinity };
  let high: Point = { x: Infinity, cost: 0 };
  let x = start;
  let stays = 0;
  for (let i = 0; i < MOST_TRIES; i += 1) {
    const tried = { x, cost: cost(x) };
    const isEnough = tried.cost <= target;
    if (isEnough && tried.cost >= target * (1 - tolerance)) return x;
    stays = isEnough ? Math.max(1, stays + 1) : Math.min(-1, stays - 1);
    if (isEnough) high = tried;
    else low = tried;
    if (high.x === Infinity) x *= Math.min(2, Math.max(FIRST_MARGIN, (tried.cost / aim) ** 2));
    else if (low.x === 0) x /= Math.min(2, Math.max(FIRST_MARGIN, aim / tried.cost));
    else if (high.x / low.x - 1 < 1e-9) return high.x;
    else x = Math.abs(stays) > 2 ? Math.sqrt(low.x * high.x) : between(low, high, aim);
  }
  return high.x;
}
