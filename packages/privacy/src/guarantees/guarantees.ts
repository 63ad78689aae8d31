import { epsilonOf } from '../accounting/accountant.ts';
import type { PrivacyEvent, ReleaseEvent } from '../accounting/event.ts';
import { requireDelta, requireRange } from '../arguments.ts';
import type { PlannedRelease } from './planned-release.ts';

/**
 * Why the ε against those who see only the shared adapter is smaller, or why it is not:
 * - `several-steps`: later gradients depend on the client's own earlier noise, which the others' noise does not mask;
 * - `nonlinear-upload`: updates are coded block by block with scales of their own, so what the hub adds up is no function
 *   of the sum of the releases; or the noise is of a kind whose sums are not accounted for, such as Laplace noise;
 * - `other-noise`: sums of this noise are noise of another kind, for which nothing is proved;
 * - `too-few-clients`: who knows her own noise has at most one other client's to hide in.
 */
export type BroadcastProof =
  'proven' | 'several-steps' | 'nonlinear-upload' | 'other-noise' | 'too-few-clients';

export interface GuaranteePlan {
  /** The releases of one round. */
  readonly planned: PlannedRelease;
  /** Rounds taken part in. */
  readonly rounds: number;
  readonly delta: number;
  /** Whether the hub's result is a function of the sum of the released integers. */
  readonly hasLinearUpload: boolean;
  /** Fewest clients whose updates the hub puts into one adapter. */
  readonly minimumClients: number;
}

export interface Guarantees {
  /** ε against the hub, which sees single updates. */
  readonly hub: number;
  /** ε against everybody who sees only the shared adapter, other clients among them; at most `hub`. */
  readonly broadcast: number;
  readonly broadcastProof: BroadcastProof;
}

function broadcastProofOf({
  planned,
  hasLinearUpload,
  minimumClients,
}: Omit<GuaranteePlan, 'rounds' | 'delta'>): BroadcastProof {
  if (planned.count > 1) return 'several-steps';
  const { kind } = planned.event;
  // Gaussian means the rounded Gaussian here, whose sums the proof is about.
  if (!hasLinearUpload) return 'nonlinear-upload';
  if (kind !== 'gaussian') return 'other-noise';
  return minimumClients > 2 ? 'proven' : 'too-few-clients';
}

/**
 * The release as those see it who see only sums over n clients and know one client's noise: σ·√(n − 1). That the noise
 * was rounded before it was summed costs less than 1e-40 in ε on a grid of at least 4 units of noise.
 */
export function broadcastRelease(plan: Omit<GuaranteePlan, 'rounds' | 'delta'>): {
  readonly event: ReleaseEvent;
  readonly proof: BroadcastProof;
} {
  const { planned, minimumClients } = plan;
  const isCount = Number.isInteger(minimumClients) && minimumClients >= 1;
  requireRange('minimumClients', minimumClients, isCount, 'an integer of at least 1');
  const proof = broadcastProofOf(plan);
  const { event } = planned;
  if (proof !== 'proven') return { event, proof };
  const noiseMultiplier = event.noiseMultiplier * Math.sqrt(minimumClients - 1);
  // Every summed share was drawn by a sampler of its own.
  const samplerFailure = (event.samplerFailure ?? 0) * minimumClients;
  return { event: { ...event, noiseMultiplier, samplerFailure }, proof };
}

/**
 * The two ε of a federation after `rounds` rounds (docs/decisions/outsider-epsilon.md has the proof of the second).
 * @throws RangeError where the plan is out of range
 */
export function guarantees(plan: GuaranteePlan): Guarantees {
  const { planned, rounds, delta } = plan;
  requireDelta(delta);
  requireRange('rounds', rounds, Number.isInteger(rounds) && rounds >= 0, 'an integer ≥ 0');
  const epsilonFor = (event: ReleaseEvent): number => {
    const all: PrivacyEvent = { ...event, count: planned.count * rounds, round: 0 };
    return epsilonOf([all], delta);
  };
  const hub = epsilonFor(planned.event);
  const { event, proof } = broadcastRelease(plan);
  if (proof !== 'proven') return { hub, broadcast: hub, broadcastProof: proof };
  return { hub, broadcast: Math.min(hub, epsilonFor(event)), broadcastProof: proof };
}
