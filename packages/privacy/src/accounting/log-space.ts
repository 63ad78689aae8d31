/** ln(e^a + e^b) without overflow. */
export function logAddExp(a: number, b: number): number {
  const high = Math.max(a, b);
  const low = Math.min(a, b);
  return low === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
}
