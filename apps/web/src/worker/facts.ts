import { adapterVariant, parameterCount } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import { epsilonOf } from '@roundtable/privacy';
import { DEPARTMENTS } from '@roundtable/inquiries';
import { FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import type { FederationManifest, FederationSettings } from '@roundtable/protocol';
import { payloadByteLength } from '@roundtable/quantize';
import type { FederationFacts } from './messages.ts';

/**
 * Noise multiplier against people who see only the shared model. With one local step the hub adds
 * up the noise of all n ≥ n_min clients, so theirs grows by √(n_min − 1): the reader may know her
 * own share. With several steps a client's later gradients depend on her own earlier noise, which
 * the others' does not mask, and no gain has been proved.
 */
export function outsideNoiseMultiplier({ privacy, training, cohort }: FederationSettings): number {
  const own = privacy?.noiseMultiplier ?? 0;
  if (training.localSteps > 1) return own;
  const fewest = Math.max(
    2,
    Math.min(cohort.minimum, Math.ceil(cohort.target * cohort.minimumFraction)),
  );
  return own * Math.sqrt(fewest - 1);
}

function epsilonAfter(
  settings: FederationSettings,
  rounds: number,
  noiseMultiplier: number,
): number {
  const { samplingRate, localSteps } = settings.training;
  const count = localSteps * rounds;
  const event = { kind: 'gaussian', samplingRate, noiseMultiplier, count, round: 1 } as const;
  return epsilonOf([event], settings.privacy?.delta ?? 1);
}

/** Whether the made-up inquiries have this federation's labels. */
function hasSample({ isDemo, task }: FederationSettings): boolean {
  if (!isDemo || task.kind !== 'classification') return false;
  return DEPARTMENTS.every(({ label }) => task.labels.includes(label));
}

/** What taking part costs in bytes and in privacy, before anything is agreed to. */
export function federationFacts(manifest: FederationManifest, spec: AdapterSpec): FederationFacts {
  const { settings, baseModel, adapter } = manifest;
  const { privacy, rounds, wire, method } = settings;
  const count = parameterCount(spec, adapterVariant(method).trainedParts);
  const sigma = privacy?.noiseMultiplier ?? null;
  const epsilon = (over: number, noise: number): number | null =>
    sigma === null ? null : epsilonAfter(settings, over, noise);
  const outside = outsideNoiseMultiplier(settings);
  return {
    parameterCount: count,
    updateBytes:
      FRAME_OVERHEAD_BYTES + payloadByteLength(count, wire.uploadBits, wire.uploadBlockSize),
    adapterBytes: adapter.sizeBytes,
    modelBytes: baseModel.files.reduce((sum, file) => sum + file.bytes, 0),
    epsilonRound: epsilon(1, sigma ?? 0),
    epsilonTotal: epsilon(rounds, sigma ?? 0),
    epsilonOutsideRound: epsilon(1, outside),
    epsilonOutsideTotal: epsilon(rounds, outside),
    hasSample: hasSample(settings),
  };
}
