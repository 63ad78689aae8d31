import { forwardFft, inverseFft, mirrored } from './fft.ts';
import { unprotectedLosses, type LossMasses, type ReleaseLosses } from './loss-masses.ts';
import { lossWindow } from './loss-window.ts';

/** One kind of release and how often it ran. */
export interface CountedRelease {
  readonly losses: ReleaseLosses;
  /** An integer ≥ 1. */
  readonly count: number;
}

// Probability outside the window, given to infinity.
const TAIL = 1e-15;
// Fourier coefficients below e^−50 of the largest change less than their rounding does.
const NEGLIGIBLE = -50;

/** Logarithm and angle of the Fourier coefficients of a composition, which add up over the releases. */
interface Spectrum {
  readonly logs: Float64Array;
  readonly angles: Float64Array;
}

const emptySpectrum = (length: number): Spectrum => ({
  logs: new Float64Array(length),
  angles: new Float64Array(length),
});

/** Adds masses at their grid index modulo the length. */
function fold({ start, masses }: LossMasses, into: Float64Array): void {
  const { length } = into;
  let position = ((start % length) + length) % length;
  for (let i = 0; i < masses.length; i += 1) {
    into[position]! += masses[i]!;
    position = position + 1 === length ? 0 : position + 1;
  }
}

function accumulate(
  { logs, angles }: Spectrum,
  index: number,
  re: number,
  im: number,
  count: number,
): void {
  if (!(logs[index]! > NEGLIGIBLE)) return;
  logs[index]! += (count * Math.log(re * re + im * im)) / 2;
  if (logs[index]! > NEGLIGIBLE) angles[index]! += count * Math.atan2(im, re);
}

/** One transform serves both directions: removing stands in the real part, adding in the imaginary one. */
function addRelease(
  { losses, count }: CountedRelease,
  remove: Spectrum,
  add: Spectrum,
  work: { re: Float64Array; im: Float64Array },
): void {
  const { re, im } = work;
  re.fill(0);
  im.fill(0);
  fold(losses.remove, re);
  fold(losses.add, im);
  forwardFft(re, im);
  for (let p = 0; p < re.length; p += 1) {
    const q = mirrored(p);
    if (q < p) continue;
    const a = re[p]!;
    const b = im[p]!;
    const c = re[q]!;
    const d = im[q]!;
    accumulate(remove, p, (a + c) / 2, (b - d) / 2, count);
    accumulate(add, p, (b + d) / 2, (c - a) / 2, count);
  }
}

/** From the two spectra to the folded masses: removing in `re`, adding in `im`. */
function invert(
  remove: Spectrum,
  add: Spectrum,
  { re, im }: { re: Float64Array; im: Float64Array },
): void {
  for (let p = 0; p < re.length; p += 1) {
    const q = mirrored(p);
    if (q < p) continue;
    let removeRe = 0;
    let removeIm = 0;
    let addRe = 0;
    let addIm = 0;
    if (remove.logs[p]! > NEGLIGIBLE) {
      const modulus = Math.exp(remove.logs[p]!);
      removeRe = modulus * Math.cos(remove.angles[p]!);
      removeIm = modulus * Math.sin(remove.angles[p]!);
    }
    if (add.logs[p]! > NEGLIGIBLE) {
      const modulus = Math.exp(add.logs[p]!);
      addRe = modulus * Math.cos(add.angles[p]!);
      addIm = modulus * Math.sin(add.angles[p]!);
    }
    re[q] = removeRe + addIm;
    im[q] = addRe - removeIm;
    re[p] = removeRe - addIm;
    im[p] = removeIm + addRe;
  }
  inverseFft(re, im);
}

/** Unfolds a window; what rounding took below zero may be missing elsewhere, so it is given to infinity. */
function unfold(
  folded: Float64Array,
  first: number,
  step: number,
  infinityMass: number,
): LossMasses {
  const { length } = folded;
  const masses = new Float64Array(length);
  let lost = 0;
  let position = ((first % length) + length) % length;
  for (let i = 0; i < length; i += 1) {
    const mass = folded[position]!;
    if (mass < 0) lost -= mass;
    else masses[i] = mass;
    position = position + 1 === length ? 0 : position + 1;
  }
  return { step, start: first, masses, infinityMass: Math.min(1, infinityMass + TAIL + lost) };
}

/** 1 − Π (1 − p∞)^count. */
function composedInfinityMass(
  releases: readonly CountedRelease[],
  direction: keyof ReleaseLosses,
): number {
  let logFinite = 0;
  for (const { losses, count } of releases) {
    logFinite += count * Math.log1p(-losses[direction].infinityMass);
  }
  return -Math.expm1(logFinite);
}

const inDirection = (releases: readonly CountedRelease[], direction: keyof ReleaseLosses) =>
  releases.map(({ losses, count }) => ({ losses: losses[direction], count }));

/** Windows of both directions and the length of the transforms that holds either, a power of two. */
export interface CompositionSize {
  readonly remove: { readonly first: number; readonly last: number };
  readonly add: { readonly first: number; readonly last: number };
  readonly length: number;
}

/** The size of a composition; null where a release is unprotected or the transforms were to be longer than `longest`. */
export function compositionSize(
  releases: readonly CountedRelease[],
  longest: number,
): CompositionSize | null {
  if (releases.some(({ losses }) => losses.remove.infinityMass === 1)) return null;
  const remove = lossWindow(inDirection(releases, 'remove'), TAIL);
  const add = lossWindow(inDirection(releases, 'add'), TAIL);
  const bins = Math.max(remove.last - remove.first, add.last - add.first) + 1;
  return bins <= longest ? { remove, add, length: 2 ** Math.ceil(Math.log2(bins)) } : null;
}

/**
 * Loss distributions of all releases together, in each direction alone: Fourier coefficients to the power of the count,
 * in polar form, multiplied over the kinds (Koskela, Jälkö and Honkela 2020, arXiv 1906.03049; window by Chernoff).
 * @param releases at least one, all on one grid
 * @param size of {@link compositionSize}; null makes everything unprotected
 */
export function composeLosses(
  releases: readonly CountedRelease[],
  size: CompositionSize | null,
): ReleaseLosses {
  const [only, ...rest] = releases;
  if (only!.count === 1 && rest.length === 0) return only!.losses;
  const { step } = only!.losses.remove;
  if (size === null) return unprotectedLosses(step);
  const { length } = size;
  const remove = emptySpectrum(length);
  const add = emptySpectrum(length);
  const work = { re: new Float64Array(length), im: new Float64Array(length) };
  for (const release of releases) addRelease(release, remove, add, work);
  invert(remove, add, work);
  return {
    remove: unfold(work.re, size.remove.first, step, composedInfinityMass(releases, 'remove')),
    add: unfold(work.im, size.add.first, step, composedInfinityMass(releases, 'add')),
  };
}
