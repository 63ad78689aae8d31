import { describe, expect, it } from 'vitest';
import { goldenCases, goldenFile, goldenNumber } from '../../testing/golden-cases.ts';
import { epsilonOf } from '../accountant.ts';
import { calibrateNoiseMultiplier } from '../calibrate.ts';
import { composeReleases, type ComposedReleases } from './compose-releases.ts';
import type { KnownRelease, SampledRelease } from './known-release.ts';
import { sampledGaussianDelta } from './one-step-delta.ts';

const TIMEOUT_MS = 240_000;
const STEP = 1e-4;

interface Numbers {
  readonly id: string;
  readonly params: Readonly<Record<string, number>>;
  readonly expected: Readonly<Record<string, number>>;
}

/** The stored cases of one kind; the count is stated so that an emptied file cannot pass. */
function casesOf(kind: string, count: number): Numbers[] {
  const chosen = goldenCases.filter((golden) => golden.kind === kind) as unknown as Numbers[];
  expect(chosen).toHaveLength(count);
  return chosen;
}

const gaussianOf = ({ params }: Numbers): SampledRelease => ({
  kind: 'gaussian',
  samplingRate: params['q']!,
  noiseMultiplier: params['sigma']!,
  count: params['steps']!,
});

/** Cases with the same releases together, so that these are composed once. */
function byReleases(cases: readonly Numbers[]): (readonly [SampledRelease, Numbers[]])[] {
  const groups = new Map<string, Numbers[]>();
  for (const golden of cases) {
    const key = JSON.stringify(gaussianOf(golden));
    groups.set(key, [...(groups.get(key) ?? []), golden]);
  }
  return [...groups.values()].map((group) => [gaussianOf(group[0]!), group] as const);
}

/** Within the tolerance of the grid: the reference is an upper bound on the same grid. */
function expectEpsilon(
  { id, params, expected }: Numbers,
  composed: ComposedReleases,
  coarse = false,
): void {
  const v = goldenNumber(expected['eps']);
  const epsilon = composed.epsilon(params['delta']!);
  if (v === Infinity) {
    expect(epsilon, id).toBe(Infinity);
    return;
  }
  expect(epsilon, id).toBeGreaterThanOrEqual(v - 1e-5);
  expect(epsilon, id).toBeLessThanOrEqual(v + (coarse ? 0.02 * v + 3e-3 : 1e-4 * v + 1e-5));
}

function expectDelta({ id, params, expected }: Numbers, composed: ComposedReleases): void {
  const v = expected['delta']!;
  const delta = composed.delta(params['eps']!);
  expect(Math.abs(delta - v), id).toBeLessThanOrEqual(1e-3 * v + 1e-9);
  expect(delta, id).toBeGreaterThanOrEqual((expected['delta_lower'] ?? 0) - 1e-9);
}

/** Every stored case of a kind, composed on the reference's grid and, where it is stated, on a coarser one. */
const eachOf = (
  kind: string,
  count: number,
  releasesOf: (golden: Numbers) => KnownRelease[],
): void => {
  it(
    `meets all ${count} stored ${kind} cases on both grids`,
    () => {
      for (const golden of casesOf(kind, count)) {
        expectEpsilon(golden, composeReleases(releasesOf(golden), STEP));
        expectEpsilon(golden, composeReleases(releasesOf(golden), 1e-3), true);
      }
    },
    TIMEOUT_MS,
  );
};

describe.skipIf(goldenCases.length === 0)(
  `reference values of loss distributions (${goldenFile}; skipped where absent)`,
  () => {
    it('meets all 84 stored poisson_one_step_delta cases', () => {
      for (const { id, params, expected } of casesOf('poisson_one_step_delta', 84)) {
        const { q, sigma, eps } = params;
        const { delta, remove, add } = sampledGaussianDelta(q!, sigma!, eps!);
        const pairs = { delta, delta_remove: remove, delta_add: add };
        for (const [name, value] of Object.entries(pairs)) {
          const v = expected[name]!;
          expect(Math.abs(value - v), id).toBeLessThanOrEqual(1e-14);
          if (v > 1e-12) expect(Math.abs(value / v - 1), id).toBeLessThanOrEqual(1e-11);
        }
      }
    });

    it(
      'meets all 224 stored pld_eps and 168 pld_delta cases on the reference grid',
      () => {
        const cases = [...casesOf('pld_eps', 224), ...casesOf('pld_delta', 168)];
        for (const [release, group] of byReleases(cases)) {
          const composed = composeReleases([release], STEP);
          for (const golden of group) {
            if ('eps' in golden.expected) expectEpsilon(golden, composed);
            else expectDelta(golden, composed);
          }
        }
      },
      TIMEOUT_MS,
    );

    it(
      'meets all 224 stored pld_eps cases on a grid ten times as coarse',
      () => {
        for (const golden of casesOf('pld_eps', 224)) {
          expectEpsilon(golden, composeReleases([gaussianOf(golden)], 1e-3), true);
        }
      },
      TIMEOUT_MS,
    );

    it(
      'gives a headline ε between the stored optimistic and pessimistic ones',
      () => {
        for (const golden of casesOf('pld_eps', 224)) {
          const { id, params, expected } = golden;
          const epsilon = epsilonOf([{ ...gaussianOf(golden), round: 1 }], params['delta']!);
          const v = goldenNumber(expected['eps']);
          expect(epsilon, id).toBeGreaterThanOrEqual((expected['eps_lower'] ?? 0) - 1e-9);
          if (v < Infinity) expect(epsilon, id).toBeLessThanOrEqual(v + 1e-4 * v + 1e-5);
        }
      },
      TIMEOUT_MS,
    );

    eachOf('pld_heterogeneous', 12, ({ params }) => {
      const steps = params['steps'] as unknown as { q: number; sigma: number; count: number }[];
      return steps.map(({ q, sigma, count }) => ({
        kind: 'gaussian',
        samplingRate: q,
        noiseMultiplier: sigma,
        count,
      }));
    });

    eachOf('pld_laplace', 12, ({ params }) => [
      {
        kind: 'laplace',
        samplingRate: 1,
        noiseMultiplier: params['scale']!,
        count: params['steps']!,
      },
    ]);

    eachOf('pld_discrete_laplace', 12, ({ params }) => [
      {
        kind: 'discrete-laplace',
        scale: 1 / params['a']!,
        sensitivity: params['sensitivity']!,
        count: params['steps']!,
      },
    ]);

    eachOf('pld_discrete_gaussian_1d', 44, ({ params }) => [
      {
        kind: 'one-dimensional-discrete-gaussian',
        scale: params['sigma']!,
        sensitivity: params['sensitivity']!,
        count: params['steps']!,
      },
    ]);

    it('meets all 3 stored pld_calibrate_sigma cases', () => {
      for (const { id, params, expected } of casesOf('pld_calibrate_sigma', 3)) {
        const { q, steps, eps, delta } = params;
        const target = { epsilon: eps!, delta: delta!, samplingRate: q!, steps: steps! };
        const sigma = calibrateNoiseMultiplier(target);
        expect(Math.abs(sigma - expected['sigma']!), id).toBeLessThanOrEqual(2e-3);
        const release = { ...gaussianOf({ id, params, expected }), noiseMultiplier: sigma };
        expect(composeReleases([release]).epsilon(delta!), id).toBeLessThanOrEqual(eps!);
      }
    });
  },
);
