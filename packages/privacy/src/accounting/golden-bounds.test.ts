import { describe, expect, it } from 'vitest';
import { goldenCases, goldenFile } from '../testing/golden-cases.ts';
import {
  discreteGaussianSumGap,
  distributedDiscreteGaussianRdp,
  roundedSensitivity,
} from './discrete-gaussian-rdp.ts';
import { laplaceRdpCurve } from './laplace-rdp.ts';
import { epsilonFromRdp } from './rdp-conversion.ts';
import { skellamDivergence } from './skellam-divergence.ts';
import { skellamRdpBound } from './skellam-rdp.ts';
import { withoutReplacementRdpCurve } from './wor-rdp.ts';
import { zcdpRdpCurve, zcdpSimpleEpsilon } from './zcdp.ts';

interface Numbers {
  readonly id: string;
  readonly params: Readonly<Record<string, number>> & { readonly orders: number[] };
  readonly expected: Readonly<Record<string, number>> &
    Readonly<Record<'rdp_ddgauss' | 'rdp_skellam', number[]>>;
}

/** Every stored case of one kind; the count is stated so that an emptied file cannot pass. */
const eachOf = (kind: string, count: number, check: (golden: Numbers) => void): void => {
  it(`meets all ${count} stored ${kind} cases`, () => {
    const chosen = goldenCases.filter((golden) => golden.kind === kind) as unknown as Numbers[];
    expect(chosen).toHaveLength(count);
    chosen.forEach(check);
  });
};
const expectRelative = (id: string, actual: number, expected: number, bound: number): void => {
  expect(Math.abs(actual - expected), id).toBeLessThanOrEqual(bound * Math.abs(expected));
};

describe.skipIf(goldenCases.length === 0)(
  `reference values of other bounds (${goldenFile}; skipped where absent)`,
  () => {
    eachOf('rdp_wor_eps', 68, ({ id, params, expected }) => {
      const { n, m, sigma, steps, delta } = params;
      const curve = withoutReplacementRdpCurve(m! / n!, sigma!).map((rdp) => steps! * rdp);
      const v = expected['eps']!;
      const { epsilon } = epsilonFromRdp(curve, delta!);
      expect(Math.abs(epsilon - v), id).toBeLessThanOrEqual(1e-8 * v + 1e-9);
    });

    eachOf('laplace_rdp_curve', 3, ({ id, params, expected }) => {
      const curve = laplaceRdpCurve(params['scale']!);
      (expected['rdp'] as unknown as number[]).forEach((v, i) => {
        expect(Math.abs(curve[i]! - v), id).toBeLessThanOrEqual(1e-12 + 1e-9 * v);
      });
    });

    eachOf('zcdp_eps', 25, ({ id, params, expected }) => {
      const { rho, delta } = params;
      const { epsilon, order } = epsilonFromRdp(zcdpRdpCurve(rho!), delta!);
      expectRelative(id, epsilon, expected['eps_default_orders']!, 1e-9);
      expectRelative(id, zcdpSimpleEpsilon(rho!, delta!), expected['eps_simple']!, 1e-9);
      expect(order, id).toBe(expected['order']);
    });

    eachOf('ddg_skellam_rdp', 34, ({ id, params, expected }) => {
      const { n, clip, gamma, local_sigma: localSigma, dim, beta, orders } = params;
      const sensitivity = roundedSensitivity({
        norm: clip! / gamma!,
        dimension: dim!,
        failure: beta!,
      });
      expectRelative(id, sensitivity.l2Sensitivity, expected['l2_int']!, 1e-12);
      expectRelative(id, sensitivity.l1Sensitivity, expected['l1_int']!, 1e-12);
      const noise = { shares: n!, shareStddev: localSigma! / gamma! };
      expectRelative(id, discreteGaussianSumGap(noise), expected['tau']!, 1e-12);
      orders.forEach((order, i) => {
        const gaussian = distributedDiscreteGaussianRdp(noise, sensitivity, dim!, order);
        expectRelative(id, gaussian, expected.rdp_ddgauss[i]!, 1e-12);
        const release = { ...sensitivity, noiseStddev: Math.sqrt(n!) * noise.shareStddev };
        expectRelative(id, skellamRdpBound(release, order), expected.rdp_skellam[i]!, 1e-12);
      });
    });

    eachOf('skellam_true_rdp', 25, ({ id, params, expected }) => {
      const { variance, shift, order } = params;
      const noiseStddev = Math.sqrt(variance!);
      const release = { noiseStddev, l2Sensitivity: shift!, l1Sensitivity: shift! };
      const bound = skellamRdpBound(release, order!);
      expectRelative(id, bound, expected['bound']!, 1e-12);
      expect(bound, id).toBeGreaterThanOrEqual(expected['rdp']!);
      const divergence = skellamDivergence(noiseStddev, shift!, order!);
      expectRelative(id, divergence, expected['rdp']!, 1e-11);
    });
  },
);
