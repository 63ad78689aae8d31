import { requireDelta, requireRange } from '../arguments.ts';
import { calibrateNoiseMultiplier } from '../accounting/calibrate.ts';

export interface SignalSettings {
  readonly privacyUnit: 'example' | 'client';
  /** Whether every client adds all of the noise herself, or a share of it under secure aggregation. */
  readonly noise: 'local' | 'distributed';
  /** n, clients per round. */
  readonly clients: number;
  /** m, examples of one client; of no effect where the unit is a client. */
  readonly examplesPerClient: number;
  readonly epsilon: number;
  readonly delta: number;
  /** d, coordinates of one release. */
  readonly length: number;
}

/**
 * Best-case ratio of signal to noise over all rounds of a federation, whatever their number: N / (σ₁(ε, δ)·√d), where σ₁
 * is the noise multiplier of one Gaussian release and N counts the clipped contributions that add up: n for distributed
 * and √n for local noise, times m where the unit is an example. Below 1 the noise drowns whatever could be learned. It
 * takes coordinates that mean the same in every round: where each of T rounds measures along new directions, as the zeroth
 * order does, a round alone has this ratio / √T.
 */
export function signalToNoise(settings: SignalSettings): number {
  const { privacyUnit, noise, clients, examplesPerClient, epsilon, delta, length } = settings;
  requireDelta(delta);
  requireRange('clients', clients, clients >= 1 && clients < Infinity, 'finite and at least 1');
  const hasExamples = examplesPerClient >= 1 && examplesPerClient < Infinity;
  requireRange('examplesPerClient', examplesPerClient, hasExamples, 'finite and at least 1');
  requireRange('length', length, Number.isInteger(length) && length >= 1, 'an integer ≥ 1');
  const sigma = calibrateNoiseMultiplier({ epsilon, delta, samplingRate: 1, steps: 1 });
  const summed = noise === 'distributed' ? clients : Math.sqrt(clients);
  const contributions = privacyUnit === 'example' ? summed * examplesPerClient : summed;
  return contributions / (sigma * Math.sqrt(length));
}
