// Twiddle factors: entry m + j holds e^(−iπj/m), so that the table of one length starts that of twice the length.
let cosines = new Float64Array([1, 1]);
let sines = new Float64Array([0, 0]);

function growTwiddles(length: number): void {
  if (cosines.length >= length) return;
  const known = cosines.length;
  const grownCosines = new Float64Array(length);
  const grownSines = new Float64Array(length);
  grownCosines.set(cosines);
  grownSines.set(sines);
  for (let m = known; m < length; m *= 2) {
    for (let j = 0; j < m; j += 1) {
      grownCosines[m + j] = Math.cos((Math.PI * j) / m);
      grownSines[m + j] = -Math.sin((Math.PI * j) / m);
    }
  }
  cosines = grownCosines;
  sines = grownSines;
}

function requirePowerOfTwo(re: Float64Array, im: Float64Array): void {
  const { length } = re;
  if (length !== im.length || length < 1 || (length & (length - 1)) !== 0) {
    throw new RangeError(
      `re and im must have one length, a power of two, got ${length} and ${im.length}`,
    );
  }
}

/**
 * Discrete Fourier transform Σ x_n e^(−2πikn/N) in place, radix 2, decimation in frequency.
 * @param re real parts, length N a power of two; on return coefficient k stands at the bit-reversed index of k
 * @param im imaginary parts, the same length
 */
export function forwardFft(re: Float64Array, im: Float64Array): void {
  requirePowerOfTwo(re, im);
  growTwiddles(re.length);
  for (let half = re.length >> 1; half >= 1; half >>= 1) {
    for (let start = 0; start < re.length; start += 2 * half) {
      for (let j = 0; j < half; j += 1) {
        const low = start + j;
        const high = low + half;
        const a = re[low]!;
        const b = im[low]!;
        const c = re[high]!;
        const d = im[high]!;
        const cos = cosines[half + j]!;
        const sin = sines[half + j]!;
        re[low] = a + c;
        im[low] = b + d;
        re[high] = (a - c) * cos - (b - d) * sin;
        im[high] = (a - c) * sin + (b - d) * cos;
      }
    }
  }
}

/** Inverse of {@link forwardFft} with its 1/N, from coefficients at bit-reversed indices to samples in order. */
export function inverseFft(re: Float64Array, im: Float64Array): void {
  requirePowerOfTwo(re, im);
  growTwiddles(re.length);
  for (let half = 1; half < re.length; half <<= 1) {
    for (let start = 0; start < re.length; start += 2 * half) {
      for (let j = 0; j < half; j += 1) {
        const low = start + j;
        const high = low + half;
        const cos = cosines[half + j]!;
        const sin = -sines[half + j]!;
        const c = re[high]! * cos - im[high]! * sin;
        const d = re[high]! * sin + im[high]! * cos;
        const a = re[low]!;
        const b = im[low]!;
        re[low] = a + c;
        im[low] = b + d;
        re[high] = a - c;
        im[high] = b - d;
      }
    }
  }
  for (let i = 0; i < re.length; i += 1) {
    re[i]! /= re.length;
    im[i]! /= re.length;
  }
}

/** Where coefficient −k stands if coefficient k stands at `index`, in the order of {@link forwardFft}. */
export function mirrored(index: number): number {
  if (index === 0) return 0;
  // Negation keeps the lowest set bit of k and flips those above: reversed, all bits below the highest.
  return 3 * 2 ** (31 - Math.clz32(index)) - 1 - index;
}
