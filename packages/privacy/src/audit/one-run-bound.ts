import { requireRange } from '../arguments.ts';
import { logBinomials } from '../accounting/integer-orders.ts';

/** What the auditor of one run saw. */
export interface OneRunGuesses {
  /** m ≥ 1: canaries, each included by a fair coin of its own. */
  readonly canaries: number;
  /** r in [0, m]: guesses made, fixed before looking. */
  readonly guesses: number;
  /** v in [0, r]: guesses that were right. */
  readonly correct: number;
  /** δ in [0, 1) of the claim. */
  readonly delta: number;
}

export interface OneRunAudit extends OneRunGuesses {
  /** Probability in (0, 1) with which the bound holds, such as 0.95. */
  readonly confidence: number;
}

const LARGEST_EPSILON = 1e3;

function requireGuesses({ canaries, guesses, correct, delta }: OneRunGuesses): void {
  const isCount = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high;
  requireRange('canaries', canaries, isCount(canaries, 1, 1e7), 'an integer in [1, 10000000]');
  requireRange('guesses', guesses, isCount(guesses, 0, canaries), `an integer in [0, ${canaries}]`);
  requireRange('correct', correct, isCount(correct, 0, guesses), `an integer in [0, ${guesses}]`);
  requireRange('delta', delta, delta >= 0 && delta < 1, 'in [0, 1)');
}

/** p-value as a function of ε; the binomial coefficients are computed once. */
function pValueAt(audit: OneRunGuesses): (epsilon: number) => number {
  const { canaries, guesses, correct, delta } = audit;
  const binomials = logBinomials(guesses);
  return (epsilon) => {
    if (correct === 0) return 1;
    const logFail = -epsilon - Math.log1p(Math.exp(-epsilon));
    const logRight = -Math.log1p(Math.exp(-epsilon));
    const mass = (k: number): number =>
      Math.exp(binomials[k]! + k * logRight + (guesses - k) * logFail);
    let tail = 0;
    for (let k = guesses; k >= correct; k -= 1) tail += mass(k);
    let below = 0;
    let steepest = 0;
    for (let i = 1; i <= correct && delta > 0; i += 1) {
      below += mass(correct - i);
      steepest = Math.max(steepest, below / i);
    }
    return Math.min(1, tail + 2 * canaries * delta * steepest);
  };
}

/**
 * Probability, at most, that an (ε, δ)-DP run lets so many guesses be right
 * (Steinke, Nasr and Jagielski 2023, arXiv 2305.08846, theorem 5.2): with W binomial(r, e^ε/(1 + e^ε)),
 * P[W ≥ v] + 2mδ·max over i of P[v > W ≥ v − i]/i.
 * @param epsilon ε ≥ 0
 * @returns in [0, 1]
 */
export function oneRunPValue(audit: OneRunGuesses, epsilon: number): number {
  requireGuesses(audit);
  requireRange('epsilon', epsilon, epsilon >= 0, 'at least 0');
  return pValueAt(audit)(epsilon);
}

/**
 * The ε below which every claim is refuted by the guesses of one run: sup of the ε with p-value < 1 − confidence.
 * Right guesses of many tries, or a number of guesses chosen after looking, make it worthless.
 * @returns 0 where not even ε = 0 is refuted
 */
export function oneRunLowerBound(audit: OneRunAudit): number {
  requireGuesses(audit);
  const { confidence } = audit;
  requireRange('confidence', confidence, confidence > 0 && confidence < 1, 'in (0, 1)');
  const pValue = pValueAt(audit);
  const isRefuted = (epsilon: number): boolean => pValue(epsilon) < 1 - confidence;
  if (!isRefuted(0)) return 0;
  let high = 1;
  while (isRefuted(high) && high < LARGEST_EPSILON) high += 1;
  let low = high - 1;
  for (let i = 0; i < 45; i += 1) {
    const middle = (low + high) / 2;
    if (isRefuted(middle)) low = middle;
    else high = middle;
  }
  return low;
}
