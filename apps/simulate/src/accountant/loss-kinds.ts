import {
  calibrateNoiseMultiplier,
  composeReleases,
  sampledGaussianDelta,
  type ComposedReleases,
  type KnownRelease,
} from '@roundtable/privacy';
import { equalReleasesOf, MOST_STEPS, releasesOf, type Release } from './gaussian-kinds.ts';
import { BadParameter, integerOf, numberOf, positiveOf, type Json, type Params } from './params.ts';

/** Grid of the reference, so that both round the same way. */
const GRID = 1e-4;
// The calibrated σ meets its ε to a relative 1e-5 on a grid of its own.
const NUDGE = 1 + 1e-6;
const MOST_NUDGES = 1000;

let latest: { readonly key: string; readonly fine: ComposedReleases } | undefined;

/** The composition on the reference's grid; the latest one is kept, since cases of one composition come together. */
function onReferenceGrid(releases: readonly KnownRelease[]): ComposedReleases {
  const key = JSON.stringify(releases);
  if (latest?.key !== key) latest = { key, fine: composeReleases(releases, GRID) };
  return latest.fine;
}

/** Upper bounds on the reference's grid; on one that fits where the losses are too wide for it. */
function composed(releases: readonly KnownRelease[]): ComposedReleases {
  const fine = onReferenceGrid(releases);
  const epsilonOr = (value: number, other: () => number): number =>
    value < Infinity ? value : other();
  return {
    epsilon: (delta) =>
      epsilonOr(fine.epsilon(delta), () => composeReleases(releases).epsilon(delta)),
    delta: (epsilon) => {
      const delta = fine.delta(epsilon);
      return delta < 1 ? delta : composeReleases(releases).delta(epsilon);
    },
  };
}

const gaussian = (release: Release): KnownRelease => ({ kind: 'gaussian', ...release });

function epsilonOfOne(release: KnownRelease, params: Params): Json {
  return { eps: composed([release]).epsilon(numberOf(params, 'delta')) };
}

const stepsOf = (params: Params): number => integerOf(params, 'steps', 0, MOST_STEPS);

function calibrated(params: Params): Json {
  const target = {
    epsilon: positiveOf(params, 'eps'),
    delta: numberOf(params, 'delta'),
    samplingRate: numberOf(params, 'q'),
    steps: integerOf(params, 'steps', 1, MOST_STEPS),
  };
  const { epsilon, delta, samplingRate, steps } = target;
  const spent = (noiseMultiplier: number): number =>
    composed([gaussian({ samplingRate, noiseMultiplier, count: steps })]).epsilon(delta);
  let sigma = calibrateNoiseMultiplier(target);
  for (let i = 0; spent(sigma) > epsilon; i += 1) {
    if (i === MOST_NUDGES) throw new BadParameter(`no sigma found that reaches eps ${epsilon}`);
    sigma *= NUDGE;
  }
  return { sigma };
}

/** Kinds by privacy loss distributions, and the exact δ of one release. */
export const lossKinds: Readonly<Record<string, (params: Params) => Json>> = {
  poisson_one_step_delta: (params) => {
    const { delta, remove, add } = sampledGaussianDelta(
      numberOf(params, 'q'),
      numberOf(params, 'sigma'),
      numberOf(params, 'eps'),
    );
    return { delta, delta_remove: remove, delta_add: add };
  },
  pld_eps: (params) => epsilonOfOne(gaussian(equalReleasesOf(params)), params),
  pld_delta: (params) => {
    const release = gaussian(equalReleasesOf(params));
    return { delta: composed([release]).delta(numberOf(params, 'eps')) };
  },
  pld_heterogeneous: (params) => ({
    eps: composed(releasesOf(params).map(gaussian)).epsilon(numberOf(params, 'delta')),
  }),
  pld_calibrate_sigma: calibrated,
  pld_laplace: (params) => {
    const noiseMultiplier = numberOf(params, 'scale');
    const count = stepsOf(params);
    return epsilonOfOne({ kind: 'laplace', samplingRate: 1, noiseMultiplier, count }, params);
  },
  pld_discrete_laplace: (params) => {
    const scale = 1 / positiveOf(params, 'a');
    const sensitivity = numberOf(params, 'sensitivity');
    const count = stepsOf(params);
    return epsilonOfOne({ kind: 'discrete-laplace', scale, sensitivity, count }, params);
  },
  pld_discrete_gaussian_1d: (params) => {
    const scale = numberOf(params, 'sigma');
    const sensitivity = numberOf(params, 'sensitivity');
    const count = stepsOf(params);
    const kind = 'one-dimensional-discrete-gaussian';
    return epsilonOfOne({ kind, scale, sensitivity, count }, params);
  },
};
