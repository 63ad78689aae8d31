import {
  absolute,
  divide,
  exponential,
  multiply,
  ofNumber,
  one,
  pi,
  type Fixed,
} from './fixed-point.ts';

/** Two estimates of one integral must agree to this share of it, or of 1e-60. */
const AGREEMENT = one / 10n ** 42n;
const NEGLIGIBLE = one / 10n ** 60n;

function requireAgreement(coarse: Fixed, fine: Fixed): void {
  const bound = multiply(absolute(fine), AGREEMENT) + NEGLIGIBLE;
  if (absolute(fine - coarse) > bound) throw new Error('an integral has not converged');
}

interface Node {
  /** In (0, 1). */
  readonly position: Fixed;
  readonly weight: Fixed;
}

/** Nodes of the tanh-sinh rule on (0, 1), every second of them those of twice the step. */
function tanhSinhNodes(stepBits: bigint): Node[] {
  const nodes: Node[] = [];
  const reach = 5n << stepBits;
  for (let i = -reach; i <= reach; i += 1n) {
    const e = exponential((i * one) >> stepBits);
    const inverse = divide(one, e);
    const arm = exponential(-multiply(pi, e - inverse) >> 1n); // e^(−π sinh t)
    const position = divide(one, one + arm); // (1 + tanh(π/2·sinh t))/2
    const slope = multiply(
      multiply(pi, e + inverse) >> 1n,
      multiply(arm, multiply(position, position)),
    );
    nodes.push({ position, weight: slope >> stepBits });
  }
  return nodes;
}

let known: Node[] | undefined;

/**
 * ∫ of a function that is analytic inside [start, end], by the tanh-sinh rule.
 * @throws if halving the step changes more than 42 digits
 */
export function integrate(integrand: (x: Fixed) => Fixed, start: Fixed, end: Fixed): Fixed {
  known ??= tanhSinhNodes(8n);
  const width = end - start;
  let fine = 0n;
  let coarse = 0n;
  known.forEach(({ position, weight }, i) => {
    if (weight === 0n) return;
    const value = multiply(weight, integrand(start + multiply(width, position)));
    fine += value;
    if (i % 2 === 0) coarse += 2n * value;
  });
  requireAgreement(coarse, fine);
  return multiply(fine, width);
}

/**
 * ∫ over the whole line of an analytic function that is negligible outside [start, end], by the trapezoid rule.
 * @throws if halving the step changes more than 42 digits
 */
export function integrateLine(
  integrand: (x: Fixed) => Fixed,
  { start, end, step }: { start: number; end: number; step: number },
): Fixed {
  const cells = 2 * Math.ceil((end - start) / step / 2);
  const width = ofNumber(step);
  const origin = ofNumber(start);
  let fine = 0n;
  let coarse = 0n;
  for (let i = 0; i <= cells; i += 1) {
    const value = integrand(origin + BigInt(i) * width);
    fine += value;
    if (i % 2 === 0) coarse += 2n * value;
  }
  requireAgreement(coarse, fine);
  return multiply(fine, width);
}
