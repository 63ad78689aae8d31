/** θ + μz in float32, each operation rounded once. */
export function perturbed(values: Float32Array, z: Float32Array, scale: number): Float32Array {
  return values.map((value, i) => value + Math.fround(scale * z[i]!));
}
