import { requireDelta, requireRange } from '../arguments.ts';
import { rdpOrders } from './rdp.ts';

function requireRho(rho: number): void {
  requireRange('rho', rho, rho >= 0, 'at least 0');
}

/** Rényi divergences ρ·a of a ρ-zCDP mechanism at the 156 orders (Bun and Steinke 2016, definition 1.1). */
export function zcdpRdpCurve(rho: number): Float64Array {
  requireRho(rho);
  return Float64Array.from(rdpOrders, (order) => rho * order);
}

/** The quick bound ε = ρ + 2√(ρ ln(1/δ)) of a ρ-zCDP mechanism (Bun and Steinke 2016, proposition 1.3). */
export function zcdpSimpleEpsilon(rho: number, delta: number): number {
  requireRho(rho);
  requireDelta(delta);
  return rho + 2 * Math.sqrt(-rho * Math.log(delta));
}
