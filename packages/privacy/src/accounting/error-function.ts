const SQRT_PI = Math.sqrt(Math.PI);

// Rational approximations to erf and erfc with relative error below 6e-19: Cody 1969, Mathematics of Computation 23.
const NEAR_NUMERATOR = [
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694,
];
const NEAR_DENOMINATOR = [
  1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171,
];
const MIDDLE_NUMERATOR = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163,
  298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const MIDDLE_DENOMINATOR = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903,
  3290.7992357334597, 4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const FAR_NUMERATOR = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926,
  0.016083785148742275, 0.0006587491615298378,
];
const FAR_DENOMINATOR = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132,
  0.0023352049762686918,
];

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i += 1) value = value * x + coefficients[i]!;
  return value;
}

const NEAR = 0.46875;
const FAR = 4;
// Above it e^(−x²) is below the smallest double.
const UNDERFLOW = 27.3;

/** erf on |x| ≤ 0.46875. */
function erfNear(x: number): number {
  return (x * polynomial(NEAR_NUMERATOR, x * x)) / polynomial(NEAR_DENOMINATOR, x * x);
}

/** e^(x²)·erfc(x) on x > 0.46875. */
function scaledErfc(x: number): number {
  if (x <= FAR) return polynomial(MIDDLE_NUMERATOR, x) / polynomial(MIDDLE_DENOMINATOR, x);
  const y = 1 / (x * x);
  const tail = (y * polynomial(FAR_NUMERATOR, y)) / polynomial(FAR_DENOMINATOR, y);
  return (1 / SQRT_PI - tail) / x;
}

/** e^(−x²) with x² split in two, so that the rounding of x² does not grow in the exponent. */
function gaussianFactor(x: number): number {
  if (x > UNDERFLOW) return 0;
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** Scaled complementary error function e^(x²)·erfc(x); +inf where it overflows (x < −26.6). */
export function erfcx(x: number): number {
  return x > NEAR ? scaledErfc(x) : Math.exp(x * x) * erfc(x);
}

/** Complementary error function 2/√π ∫ₓ^∞ e^(−t²) dt; underflows to 0 above 27. */
export function erfc(x: number): number {
  if (x < -NEAR) return 2 - erfc(-x);
  return x > NEAR ? gaussianFactor(x) * scaledErfc(x) : 1 - erfNear(x);
}

/** ln erfc(x), finite for every finite x. */
export function logErfc(x: number): number {
  return x > NEAR ? Math.log(scaledErfc(x)) - x * x : Math.log(erfc(x));
}

/** Standard normal distribution function Φ(x). */
export function normalCdf(x: number): number {
  return erfc(-x * Math.SQRT1_2) / 2;
}
