import {
  calibrateNoiseMultiplier,
  deltaFromRdp,
  epsilonFromRdp,
  exactGaussianEpsilon,
  rdpAtOrder,
  rdpCurve,
  rdpOrders,
} from '@roundtable/privacy';
import {
  BadParameter,
  integerOf,
  isRecord,
  listOf,
  numberOf,
  positiveOf,
  type Json,
  type Params,
} from './params.ts';

/** More releases than any run has. */
export const MOST_STEPS = 1e12;

const curves = new Map<string, Float64Array>();

function curveOf(samplingRate: number, noiseMultiplier: number): Float64Array {
  const key = `${samplingRate}/${noiseMultiplier}`;
  const curve = curves.get(key) ?? rdpCurve(samplingRate, noiseMultiplier);
  curves.set(key, curve);
  return curve;
}

/** Sampling rate, noise multiplier and number of equal releases. */
export interface Release {
  readonly samplingRate: number;
  readonly noiseMultiplier: number;
  readonly count: number;
}

/** The releases of `steps: [{q, sigma, count}]`. */
export function releasesOf(params: Params): Release[] {
  return listOf(params, 'steps', (entry) => {
    if (!isRecord(entry)) throw new BadParameter('steps must be a list of {q, sigma, count}');
    return {
      samplingRate: numberOf(entry, 'q'),
      noiseMultiplier: numberOf(entry, 'sigma'),
      count: integerOf(entry, 'count', 0, MOST_STEPS),
    };
  });
}

/** The releases of `{q, sigma, steps}`. */
export function equalReleasesOf(params: Params): Release {
  return {
    samplingRate: numberOf(params, 'q'),
    noiseMultiplier: numberOf(params, 'sigma'),
    count: integerOf(params, 'steps', 0, MOST_STEPS),
  };
}

function composed(releases: readonly Release[]): Float64Array {
  const total = new Float64Array(rdpOrders.length);
  for (const { samplingRate, noiseMultiplier, count } of releases) {
    if (count === 0) continue;
    curveOf(samplingRate, noiseMultiplier).forEach((rdp, i) => (total[i]! += count * rdp));
  }
  return total;
}

function rdpEpsilon(releases: readonly Release[], delta: number): Json {
  const { epsilon, order } = epsilonFromRdp(composed(releases), delta);
  return { eps: epsilon, order };
}

/** Kinds of plain Gaussian releases and of Poisson-sampled ones by Rényi divergences. */
export const gaussianKinds: Readonly<Record<string, (params: Params) => Json>> = {
  rdp_curve: (params) => ({
    rdp: [...curveOf(numberOf(params, 'q'), numberOf(params, 'sigma'))],
  }),
  rdp_eps: (params) => rdpEpsilon([equalReleasesOf(params)], numberOf(params, 'delta')),
  rdp_heterogeneous: (params) => rdpEpsilon(releasesOf(params), numberOf(params, 'delta')),
  rdp_delta: (params) => {
    const curve = composed([equalReleasesOf(params)]);
    const { delta, order } = deltaFromRdp(curve, numberOf(params, 'eps'));
    return { delta, order };
  },
  rdp_quadrature: (params) => {
    const order = numberOf(params, 'order');
    if (!(order > 1 && order <= 4096)) {
      throw new BadParameter(`order must be above 1 and at most 4096, got ${order}`);
    }
    return { rdp: rdpAtOrder(numberOf(params, 'q'), numberOf(params, 'sigma'), order) };
  },
  gauss_eps: (params) => ({
    eps: exactGaussianEpsilon(numberOf(params, 'sigma'), 1, numberOf(params, 'delta')),
  }),
  gauss_composed_eps: (params) => {
    const steps = integerOf(params, 'steps', 0, MOST_STEPS);
    return {
      eps: exactGaussianEpsilon(numberOf(params, 'sigma'), steps, numberOf(params, 'delta')),
    };
  },
  gauss_sigma: (params) => ({
    sigma: calibrateNoiseMultiplier({
      epsilon: positiveOf(params, 'eps'),
      delta: numberOf(params, 'delta'),
      samplingRate: 1,
      steps: 1,
    }),
  }),
  rdp_calibrate_sigma: (params) => ({
    sigma: calibrateNoiseMultiplier({
      epsilon: positiveOf(params, 'eps'),
      delta: numberOf(params, 'delta'),
      samplingRate: numberOf(params, 'q'),
      steps: integerOf(params, 'steps', 1, MOST_STEPS),
      by: 'rdp',
    }),
  }),
};
