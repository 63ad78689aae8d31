import { calibratePlan, epsilonOf, plannedRelease } from '@roundtable/privacy';
import type { ReproductionRow } from '../../row.ts';
import { LOCAL_STEPS, SAMPLING_RATE } from '../../toy/first-order.ts';
import { exampleCapFor } from '../../toy/zeroth-order-terms.ts';
import { SIGMA } from './accuracy-rows.ts';
import { comparisonRow, type ScalarGrid } from './scalar-grid.ts';

const DELTA = 1e-5;
const CLIENT_EPSILON = 8;
const EXAMPLES = 400;
const FIRST_ORDER_CLIENT_CLIPS = [0.05, 0.2, 1];

const stepPlan = (directions: number) => ({
  privacyUnit: 'example' as const,
  clippingNorm: 2,
  samplingRate: SAMPLING_RATE,
  localSteps: LOCAL_STEPS,
  length: directions,
  exampleCap: exampleCapFor(EXAMPLES),
});

/** ε of a client that takes part in every round under Gaussian noise. */
function gaussianEpsilon(rounds: number, directions: number): number {
  const { event, count } = plannedRelease({ ...stepPlan(directions), noiseMultiplier: SIGMA });
  return epsilonOf([{ ...event, count: count * rounds, round: 0 }], DELTA);
}

/** DP-ZO's Laplace noise, clipped in L1, against the Gaussian at the same ε and δ. */
async function laplaceRow(scalars: ScalarGrid, directions: number): Promise<ReproductionRow> {
  const rounds = scalars.grid.scale.zerothOrderRounds;
  const epsilon = gaussianEpsilon(rounds, directions);
  const plan = {
    ...stepPlan(directions),
    noise: 'laplace',
    delta: DELTA,
    epsilon,
    rounds,
  } as const;
  const noiseMultiplier = calibratePlan(plan);
  const method = { noise: 'laplace' } as const;
  return comparisonRow(
    `K = ${directions}: Laplace noise (DP-ZO) beats Gaussian noise`,
    `ε ${epsilon.toFixed(2)}, δ 1e-5 (scale ${noiseMultiplier.toFixed(2)} of the L1 bound, σ ${SIGMA} of the L2 bound): higher accuracy`,
    await scalars.best({ directions, noiseMultiplier, method }),
    await scalars.best({ directions, noiseMultiplier: SIGMA }),
  );
}

/**
 * The authors of DP-ZOPO clip each scalar and account one release. Scalars clipped alone to c are K releases about one
 * batch, together of sensitivity c√K: with the noise that this needs both ways have the same ε.
 */
async function clippingRow(scalars: ScalarGrid): Promise<ReproductionRow> {
  const { directions } = scalars.grid.scale;
  const cell = { directions, noiseMultiplier: SIGMA };
  return comparisonRow(
    `clipping the ${directions} scalars of an example as one vector beats clipping each, accounted as ${directions} releases`,
    `equal ε (noise ${SIGMA} × the joint bound): higher accuracy`,
    await scalars.best(cell),
    await scalars.best({ ...cell, clipping: 'scalars' }),
  );
}

/** Local privacy of a whole client: one release of S·K scalars against one release of all of B. */
async function clientRow(scalars: ScalarGrid, directions: number): Promise<ReproductionRow> {
  const rounds = scalars.grid.scale.zerothOrderRounds;
  const length = LOCAL_STEPS * directions;
  const plan = { ...stepPlan(directions), privacyUnit: 'client', length } as const;
  const noiseMultiplier = calibratePlan({ ...plan, epsilon: CLIENT_EPSILON, delta: DELTA, rounds });
  const first = { method: 'ffa-lora', aInit: 'orthonormal', privacyUnit: 'client' } as const;
  return comparisonRow(
    `K = ${directions}: a whole client's ${length} scalars survive local noise better than its first-order update of 192 numbers`,
    `client level, ε ${CLIENT_EPSILON}, δ 1e-5, ${rounds} rounds (σ ${noiseMultiplier.toFixed(2)}): higher accuracy`,
    await scalars.best({ directions, noiseMultiplier, privacyUnit: 'client' }),
    scalars.grid.best({ ...first, noiseMultiplier, rounds }, FIRST_ORDER_CLIENT_CLIPS),
  );
}

/** The rows about kinds of noise and what they protect. */
export async function noiseRows(scalars: ScalarGrid): Promise<ReproductionRow[]> {
  const { directions } = scalars.grid.scale;
  return [
    await laplaceRow(scalars, 1),
    await laplaceRow(scalars, directions),
    await clippingRow(scalars),
    await clientRow(scalars, 1),
    await clientRow(scalars, directions),
  ];
}
