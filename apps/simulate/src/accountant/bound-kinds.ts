import {
  discreteGaussianSumGap,
  distributedDiscreteGaussianRdp,
  epsilonFromRdp,
  laplaceRdpCurve,
  oneRunLowerBound,
  oneRunPValue,
  roundedSensitivity,
  skellamDivergence,
  skellamRdpBound,
  withoutReplacementRdpCurve,
  zcdpRdpCurve,
  zcdpSimpleEpsilon,
} from '@roundtable/privacy';
import { MOST_STEPS } from './gaussian-kinds.ts';
import {
  BadParameter,
  integerOf,
  listOf,
  numberOf,
  positiveOf,
  type Json,
  type Params,
} from './params.ts';

const MOST_RECORDS = 1e12;
const MOST_SHARES = 1e7;
const LARGEST_ORDER = 4096;

function withoutReplacement(params: Params): Json {
  const relation = params['relation'];
  if (relation !== undefined && relation !== 'replace_one') {
    throw new BadParameter(`relation must be replace_one, got ${JSON.stringify(relation)}`);
  }
  const records = integerOf(params, 'n', 1, MOST_RECORDS);
  const drawn = integerOf(params, 'm', 0, records);
  const steps = integerOf(params, 'steps', 0, MOST_STEPS);
  const curve = withoutReplacementRdpCurve(drawn / records, numberOf(params, 'sigma'));
  const total = curve.map((rdp) => (steps === 0 ? 0 : steps * rdp));
  return { eps: epsilonFromRdp(total, numberOf(params, 'delta')).epsilon };
}

function distributedNoise(params: Params): Json {
  const shares = integerOf(params, 'n', 1, MOST_SHARES);
  const gridStep = positiveOf(params, 'gamma');
  const dimension = integerOf(params, 'dim', 1, MOST_RECORDS);
  const shareStddev = positiveOf(params, 'local_sigma') / gridStep;
  const orders = listOf(params, 'orders', (order) => integerOf({ order }, 'order', 2, 1e9));
  const sensitivity = roundedSensitivity({
    norm: positiveOf(params, 'clip') / gridStep,
    dimension,
    failure: numberOf(params, 'beta'),
  });
  const noise = { shares, shareStddev };
  const skellam = { ...sensitivity, noiseStddev: Math.sqrt(shares) * shareStddev };
  return {
    l2_int: sensitivity.l2Sensitivity,
    l1_int: sensitivity.l1Sensitivity,
    tau: discreteGaussianSumGap(noise),
    rdp_ddgauss: orders.map((order) =>
      distributedDiscreteGaussianRdp(noise, sensitivity, dimension, order),
    ),
    rdp_skellam: orders.map((order) => skellamRdpBound(skellam, order)),
  };
}

function skellamTruth(params: Params): Json {
  const noiseStddev = Math.sqrt(positiveOf(params, 'variance', 1e6));
  const shift = integerOf(params, 'shift', 0, 1e4);
  const order = integerOf(params, 'order', 2, LARGEST_ORDER);
  const release = { noiseStddev, l2Sensitivity: shift, l1Sensitivity: shift };
  if (shift * order > 1e6) throw new BadParameter('shift · order must be at most 1000000');
  return {
    rdp: skellamDivergence(noiseStddev, shift, order),
    bound: skellamRdpBound(release, order),
  };
}

/** Kinds of other mechanisms by Rényi divergences, and of the audit of one run. */
export const boundKinds: Readonly<Record<string, (params: Params) => Json>> = {
  rdp_wor_eps: withoutReplacement,
  laplace_rdp_curve: (params) => ({ rdp: [...laplaceRdpCurve(numberOf(params, 'scale'))] }),
  zcdp_eps: (params) => {
    const rho = numberOf(params, 'rho');
    const delta = numberOf(params, 'delta');
    const { epsilon, order } = epsilonFromRdp(zcdpRdpCurve(rho), delta);
    return { eps_default_orders: epsilon, order, eps_simple: zcdpSimpleEpsilon(rho, delta) };
  },
  ddg_skellam_rdp: distributedNoise,
  skellam_true_rdp: skellamTruth,
  one_run_audit: (params) => {
    const audit = {
      canaries: numberOf(params, 'm'),
      guesses: numberOf(params, 'r'),
      correct: numberOf(params, 'v'),
      delta: numberOf(params, 'delta'),
    };
    const confidence = numberOf(params, 'confidence');
    return {
      eps_lower: oneRunLowerBound({ ...audit, confidence }),
      p_at_eps1: oneRunPValue(audit, 1),
    };
  },
};
