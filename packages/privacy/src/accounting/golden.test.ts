import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rdpAccountant, runningEpsilonOf } from './accountant.ts';
import { calibrateNoiseMultiplier } from './calibrate.ts';
import type { PrivacyEvent } from './event.ts';
import { exactGaussianDelta, exactGaussianEpsilon } from './exact-gaussian.ts';
import { deltaFromRdp, epsilonFromRdp } from './rdp-conversion.ts';
import { rdpAtOrder, rdpCurve, rdpOrders } from './rdp.ts';

interface Golden {
  id: string;
  kind: string;
  params: Record<string, number> & { steps: number };
  expected: Record<string, number | string> & { rdp: number[] };
}

const folder = process.env['REFERENCE_DATA_DIR'] ?? resolve('../shared/data');
const file = resolve(folder, 'privacy/golden.json');
const isPresent = existsSync(file);
const { cases } = isPresent
  ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: Golden[] })
  : { cases: [] };

const toNumber = (value: number | string): number =>
  value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value);
const expectClose = (id: string, actual: number, expected: number, tolerance: number): void => {
  if (Number.isFinite(expected))
    expect(Math.abs(actual - expected), id).toBeLessThanOrEqual(tolerance);
  else expect(actual, id).toBe(expected);
};
const curves = new Map<string, Float64Array>();
const curveOf = (q: number, sigma: number): Float64Array => {
  const key = `${q}/${sigma}`;
  const curve = curves.get(key) ?? rdpCurve(q, sigma);
  curves.set(key, curve);
  return curve;
};
const composed = ({ q, sigma, steps }: Golden['params']): Float64Array =>
  curveOf(q!, sigma!).map((rdp) => steps * rdp);

/** Every stored case of one kind; the count is stated so that an emptied file cannot pass. */
const eachOf = (kind: string, count: number, check: (golden: Golden) => void): void => {
  it(`meets all ${count} stored ${kind} cases`, () => {
    const chosen = cases.filter((golden) => golden.kind === kind);
    expect(chosen).toHaveLength(count);
    chosen.forEach(check);
  });
};

describe.skipIf(!isPresent)(`reference accountant values (${file}; skipped where absent)`, () => {
  eachOf('rdp_curve', 64, ({ id, params, expected }) => {
    const curve = curveOf(params['q']!, params['sigma']!);
    expected.rdp.map(toNumber).forEach((v, i) => {
      expectClose(`${id} order ${rdpOrders[i]!}`, curve[i]!, v, 1e-12 + 1e-9 * v);
    });
  });

  eachOf('rdp_eps', 1220, ({ id, params, expected }) => {
    const v = toNumber(expected['eps']!);
    const { epsilon, order } = epsilonFromRdp(composed(params), params['delta']!);
    expectClose(id, epsilon, v, 1e-8 * v + 1e-9);
    if (v > 1e-6 && order !== expected['order']) {
      const i = rdpOrders.indexOf(Number(expected['order']));
      const rdp = composed(params)[i]!;
      const a = rdpOrders[i]!;
      const tied = rdp + Math.log1p(-1 / a) - Math.log(params['delta']! * a) / (a - 1);
      expectClose(`${id} tie`, tied, epsilon, 1e-9 * v + 1e-9);
    }
  });

  eachOf('rdp_delta', 126, ({ id, params, expected }) => {
    const v = toNumber(expected['delta']!);
    const { delta } = deltaFromRdp(composed(params), params['eps']!);
    if (v > 1e-300) expectClose(id, Math.log(delta / v), 0, 1e-8);
    else expect(delta, id).toBeLessThanOrEqual(1e-300);
  });

  eachOf('rdp_heterogeneous', 42, ({ id, params, expected }) => {
    const steps = params.steps as unknown as { q: number; sigma: number; count: number }[];
    const accountant = rdpAccountant();
    for (const { q, sigma, count } of steps) {
      accountant.compose([
        { kind: 'gaussian', samplingRate: q, noiseMultiplier: sigma, count, round: 0 },
      ]);
    }
    const v = toNumber(expected['eps']!);
    expectClose(id, accountant.epsilon(params['delta']!), v, 1e-8 * v + 1e-9);
  });

  eachOf('rdp_calibrate_sigma', 56, ({ id, params, expected }) => {
    const { q, steps, eps, delta } = params;
    const event = (noiseMultiplier: number): PrivacyEvent => ({
      kind: 'gaussian',
      samplingRate: q!,
      noiseMultiplier,
      count: steps,
      round: 0,
    });
    const target = { epsilon: eps!, delta: delta!, samplingRate: q!, steps };
    const sigma = calibrateNoiseMultiplier({ ...target, by: 'rdp' });
    expect(runningEpsilonOf([event(sigma)], delta!), id).toBeLessThanOrEqual(eps!);
    const v = toNumber(expected['sigma']!);
    expectClose(id, sigma, v, 1e-5 * v);
  });

  eachOf('rdp_quadrature', 7, ({ id, params, expected }) => {
    const v = toNumber(expected.rdp as unknown as number);
    const order = params['order']!;
    const relative = rdpAtOrder(params['q']!, params['sigma']!, order) / v - 1;
    if (Number.isInteger(order)) expectClose(id, relative, 0, 1e-12);
    else {
      expect(relative, id).toBeGreaterThanOrEqual(-1e-9);
      expect(relative, id).toBeLessThanOrEqual(0.05);
    }
  });

  eachOf('gauss_eps', 56, ({ id, params, expected }) => {
    const v = toNumber(expected['eps']!);
    expectClose(id, exactGaussianEpsilon(params['sigma']!, 1, params['delta']!), v, 1e-9 * v);
  });

  eachOf('gauss_composed_eps', 34, ({ id, params, expected }) => {
    const v = toNumber(expected['eps']!);
    const epsilon = exactGaussianEpsilon(params['sigma']!, params.steps, params['delta']!);
    expectClose(id, epsilon, v, 1e-9 * v);
  });

  eachOf('gauss_sigma', 34, ({ id, params, expected }) => {
    const { eps, delta } = params;
    const target = { epsilon: eps!, delta: delta!, samplingRate: 1, steps: 1 };
    const sigma = calibrateNoiseMultiplier(target);
    const v = toNumber(expected['sigma']!);
    expectClose(id, sigma, v, 1e-5 * v);
    expect(exactGaussianDelta(sigma, 1, eps!), id).toBeLessThanOrEqual(delta! * (1 + 1e-9));
  });
});
