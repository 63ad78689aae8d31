import { describe, expect, it } from 'vitest';
import { oneRunLowerBound, oneRunPValue } from '../audit/one-run-bound.ts';
import { discreteGaussianTable } from '../noise/discrete-gaussian-table.ts';
import { skellamTable } from '../noise/skellam-table.ts';
import { referenceCases } from '../testing/golden-cases.ts';
import { epsilonOf } from './accountant.ts';
import { calibrateNoiseMultiplier } from './calibrate.ts';
import { rdpCurveOf } from './event-rdp.ts';
import type { ReleaseEvent } from './event.ts';
import { exactGaussianEpsilon } from './exact-gaussian.ts';
import { laplaceRdpCurve } from './laplace-rdp.ts';
import { composeReleases } from './pld/compose-releases.ts';
import type { KnownRelease } from './pld/known-release.ts';
import { sampledGaussianDelta } from './pld/one-step-delta.ts';
import { rdpAtOrder, rdpOrders } from './rdp.ts';
import { skellamDivergence } from './skellam-divergence.ts';
import { skellamRdpBound } from './skellam-rdp.ts';
import { withoutReplacementRdpCurve } from './wor-rdp.ts';
import { zcdpSimpleEpsilon } from './zcdp.ts';

type Values = Readonly<Record<string, number>>;

interface Known {
  readonly id: string;
  readonly params: Values;
  readonly expected: Values;
}

/** Every value of one kind; the count is stated so that an emptied file cannot pass. */
const eachOf = (kind: string, count: number, check: (known: Known) => void): void => {
  it(`meets all ${count} of kind ${kind}`, () => {
    const chosen = referenceCases.filter((known) => known.kind === kind) as unknown as Known[];
    expect(chosen).toHaveLength(count);
    chosen.forEach(check);
  });
};
const expectNear = (id: string, actual: number, v: number, relative: number, floor = 0): void => {
  expect(Math.abs(actual - v), id).toBeLessThanOrEqual(relative * Math.abs(v) + floor);
};
/** An upper bound, and not a loose one. */
const expectAbove = (id: string, actual: number, v: number, slack: number): void => {
  expect(actual, id).toBeGreaterThanOrEqual(v * (1 - 1e-9));
  expect(actual, id).toBeLessThanOrEqual(v + slack);
};
const listOf = (values: Values, name: string): readonly unknown[] =>
  values[name] as unknown as readonly unknown[];

describe('own reference values: Gaussian', () => {
  eachOf('rdp_quadrature', 30, ({ id, params, expected }) => {
    const { q, sigma, order } = params;
    const rdp = rdpAtOrder(q!, sigma!, order!);
    if (Number.isInteger(order)) expectNear(id, rdp, expected['rdp']!, 1e-12, 1e-15);
    // Dropping the signs of the series costs most near order 1, where it may not even settle.
    else expectAbove(id, rdp, expected['rdp']!, order! > 3 ? 1e-3 * expected['rdp']! : Infinity);
  });

  eachOf('gauss_eps', 10, ({ id, params, expected }) => {
    const { sigma, delta } = params;
    expectNear(id, exactGaussianEpsilon(sigma!, 1, delta!), expected['eps']!, 1e-11);
  });

  eachOf('gauss_sigma', 10, ({ id, params, expected }) => {
    const target = { epsilon: params['eps']!, delta: params['delta']!, samplingRate: 1, steps: 1 };
    const sigma = calibrateNoiseMultiplier(target);
    expectAbove(id, sigma, expected['sigma']!, 1e-6 * sigma);
  });

  eachOf('gauss_composed_eps', 3, ({ id, params, expected }) => {
    const { sigma, steps, delta } = params;
    expectNear(id, exactGaussianEpsilon(sigma!, steps!, delta!), expected['eps']!, 1e-11);
  });

  eachOf('poisson_one_step_delta', 24, ({ id, params, expected }) => {
    const { q, sigma, eps } = params;
    const { remove, add, delta } = sampledGaussianDelta(q!, sigma!, eps!);
    expectNear(id, remove, expected['delta_remove']!, 1e-11, 1e-16);
    expectNear(id, add, expected['delta_add']!, 1e-11, 1e-16);
    expectNear(id, delta, expected['delta']!, 1e-11, 1e-16);
  });
});

describe('own reference values: compositions', () => {
  const gaussian = (q: number, sigma: number, count: number): KnownRelease => ({
    ...{ kind: 'gaussian', samplingRate: q, noiseMultiplier: sigma, count },
  });
  const expectEpsilon = ({ id, params, expected }: Known, releases: KnownRelease[]): void => {
    const v = expected['eps']!;
    const { delta } = params;
    expectAbove(id, composeReleases(releases).epsilon(delta!), v, 1e-4 * v + 1e-5);
    expectAbove(
      `${id} h 1e-4`,
      composeReleases(releases, 1e-4).epsilon(delta!),
      v,
      1e-4 * v + 1e-5,
    );
    expectAbove(
      `${id} h 1e-3`,
      composeReleases(releases, 1e-3).epsilon(delta!),
      v,
      0.02 * v + 3e-3,
    );
  };

  eachOf('pld_eps', 7, (known) => {
    const { q, sigma, steps, delta } = known.params;
    expectEpsilon(known, [gaussian(q!, sigma!, steps!)]);
    const event = { samplingRate: q!, noiseMultiplier: sigma!, count: steps! };
    const headline = epsilonOf([{ ...event, kind: 'gaussian', round: 0 }], delta!);
    const v = known.expected['eps']!;
    expectAbove(`${known.id} headline`, headline, v, 1e-4 * v + 1e-5);
  });

  eachOf('pld_delta', 5, ({ id, params, expected }) => {
    const { q, sigma, steps, eps } = params;
    const v = expected['delta']!;
    const delta = composeReleases([gaussian(q!, sigma!, steps!)], 1e-4).delta(eps!);
    expectAbove(id, delta, v, 1e-3 * v);
  });

  eachOf('pld_heterogeneous', 2, (known) => {
    const steps = known.params['steps'] as unknown as Values[];
    expectEpsilon(
      known,
      steps.map(({ q, sigma, count }) => gaussian(q!, sigma!, count!)),
    );
  });

  eachOf('pld_laplace', 3, (known) => {
    const { scale, steps } = known.params;
    const release = { samplingRate: 1, noiseMultiplier: scale!, count: steps! };
    expectEpsilon(known, [{ kind: 'laplace', ...release }]);
  });

  eachOf('pld_discrete_laplace', 3, (known) => {
    const { a, sensitivity, steps } = known.params;
    const release = { scale: 1 / a!, sensitivity: sensitivity!, count: steps! };
    expectEpsilon(known, [{ kind: 'discrete-laplace', ...release }]);
  });

  eachOf('pld_discrete_gaussian_1d', 3, (known) => {
    const { sigma, sensitivity, steps } = known.params;
    const release = { scale: sigma!, sensitivity: sensitivity!, count: steps! };
    expectEpsilon(known, [{ kind: 'one-dimensional-discrete-gaussian', ...release }]);
  });
});

describe('own reference values: other noises', () => {
  const eventOf = (noise: string, { variance, shift, q }: Values): ReleaseEvent => {
    const samplingRate = q!;
    const stddev = Math.sqrt(variance!) / shift!;
    const sensitivity = { l2Sensitivity: shift!, l1Sensitivity: shift! };
    if (noise === 'laplace')
      return { kind: noise, samplingRate, noiseMultiplier: stddev / Math.SQRT2 };
    if (noise === 'skellam')
      return { kind: noise, samplingRate, noiseMultiplier: stddev, ...sensitivity };
    return { kind: 'discrete-gaussian', samplingRate, noiseMultiplier: stddev };
  };

  eachOf('sampled_true_rdp', 15, ({ id, params, expected }) => {
    const { order } = params;
    const event = eventOf(params['noise'] as unknown as string, params);
    const bound = rdpCurveOf(event)[rdpOrders.indexOf(order!)]!;
    const v = expected['rdp']!;
    // The theorem for any mechanism costs a factor of up to 3 in the higher terms, more between order 1 and 2.
    expectAbove(id, bound, v, event.samplingRate === 1 ? 1e-9 * v : 3 * v);
  });

  eachOf('skellam_true_rdp', 3, ({ id, params, expected }) => {
    const { variance, shift, order } = params;
    const noiseStddev = Math.sqrt(variance!);
    expectNear(id, skellamDivergence(noiseStddev, shift!, order!), expected['rdp']!, 1e-12);
    const release = { noiseStddev, l2Sensitivity: shift!, l1Sensitivity: shift! };
    expect(skellamRdpBound(release, order!), id).toBeGreaterThanOrEqual(expected['rdp']!);
  });

  eachOf('laplace_rdp_curve', 1, ({ id, params, expected }) => {
    const curve = laplaceRdpCurve(params['scale']!);
    const stored = listOf(expected, 'rdp') as number[];
    expect(stored).toHaveLength(rdpOrders.length);
    stored.forEach((v, i) => {
      expectNear(`${id} order ${rdpOrders[i]!}`, curve[i]!, v, 1e-13);
    });
  });

  eachOf('zcdp_eps', 2, ({ id, params, expected }) => {
    const { rho, delta } = params;
    expectNear(id, zcdpSimpleEpsilon(rho!, delta!), expected['eps_simple']!, 1e-15);
  });

  eachOf('wor_rdp', 4, ({ id, params, expected }) => {
    const { q, sigma, order } = params;
    const curve = withoutReplacementRdpCurve(q!, sigma!);
    expectNear(id, curve[rdpOrders.indexOf(order!)]!, expected['rdp']!, 1e-11);
  });

  /** A decimal fraction in units of 2^-96, to nearest. */
  const unitsOf = (decimal: string): bigint => {
    const [whole = '0', fraction = ''] = decimal.split('.');
    const scale = 10n ** BigInt(fraction.length);
    return ((BigInt(whole + fraction) << 96n) + scale / 2n) / scale;
  };
  const expectMasses = ({ id, params, expected }: Known, pmf: (k: number) => bigint): void => {
    const pmfs = listOf(expected, 'pmf') as string[];
    listOf(params, 'k').forEach((k, i) => {
      const difference = pmf(k as number) - unitsOf(pmfs[i]!);
      expect(difference >= -2n && difference <= 2n, `${id} at ${String(k)}`).toBe(true);
    });
  };

  eachOf('discrete_gaussian_pmf', 2, (known) => {
    const table = discreteGaussianTable(known.params['sigma']!);
    expectMasses(known, (k) => table.pmf(k));
  });

  eachOf('skellam_pmf', 2, (known) => {
    const table = skellamTable(known.params['variance']!);
    expectMasses(known, (k) => table.pmf(k));
  });
});

describe('own reference values: audits', () => {
  eachOf('one_run_audit', 6, ({ id, params, expected }) => {
    const { m, r, v, delta, confidence } = params;
    const audit = { canaries: m!, guesses: r!, correct: v!, delta: delta! };
    const bound = oneRunLowerBound({ ...audit, confidence: confidence! });
    expectNear(id, bound, expected['eps_lower']!, 1e-10, 1e-10);
    expectNear(id, oneRunPValue(audit, 1), expected['p_at_eps1']!, 1e-11);
  });
});
