import type { AdapterSpec } from '@roundtable/lora';
import {
  hasLinearUpload,
  plannedRound,
  scalarRecordByteLength,
  uploadFormat,
} from '@roundtable/methods';
import { hardCaps } from '@roundtable/participant';
import { groupGuarantee, guarantees } from '@roundtable/privacy';
import type { Guarantees } from '@roundtable/privacy';
import { DEPARTMENTS } from '@roundtable/inquiries';
import type { FederationManifest, FederationSettings } from '@roundtable/protocol';
import type { FederationFacts, GroupFigure } from './messages.ts';

const shownGroups = [2, 5, 10];

/**
 * ε against the hub and against people who see only the shared model, after some rounds. In a round of n people the reader
 * of the model may be one of them: the smallest round that the settings allow counts, and her own share of the noise
 * does not.
 */
function bothGuarantees(
  settings: FederationSettings,
  spec: AdapterSpec,
  rounds: number,
): Guarantees | null {
  const planned = plannedRound(settings, spec);
  if (planned === null || settings.privacy === null) return null;
  return guarantees({
    planned,
    rounds,
    delta: settings.privacy.delta,
    hasLinearUpload: hasLinearUpload(settings),
    minimumClients: settings.cohort.minimum,
  });
}

/**
 * What all rounds cost `k` examples that say the same; null where one example is not the unit or `k` is below 2.
 */
export function groupFigure(
  settings: FederationSettings,
  spec: AdapterSpec,
  k: number,
): GroupFigure | null {
  const planned = plannedRound(settings, spec);
  const { privacy, rounds } = settings;
  if (planned === null || privacy?.privacyUnit !== 'example' || k < 2) return null;
  return { k, ...groupGuarantee(planned, rounds, privacy.delta, k) };
}

/** Whether the made-up inquiries have this federation's labels. */
function hasSample({ isDemo, task }: FederationSettings): boolean {
  if (!isDemo || task.kind !== 'classification') return false;
  return DEPARTMENTS.every(({ label }) => task.labels.includes(label));
}

/** What taking part costs in bytes and in privacy, before anything is agreed to. */
export function federationFacts(manifest: FederationManifest, spec: AdapterSpec): FederationFacts {
  const { settings, baseModel, adapter } = manifest;
  const { bits, frameBytes, length } = uploadFormat(settings, spec);
  const round = bothGuarantees(settings, spec, 1);
  const total = bothGuarantees(settings, spec, settings.rounds);
  return {
    parameterCount: length,
    uploadBits: bits,
    updateBytes: frameBytes,
    adapterBytes:
      settings.method === 'zeroth-order' ? scalarRecordByteLength(length) : adapter.sizeBytes,
    modelBytes: baseModel.files.reduce((sum, file) => sum + file.bytes, 0),
    epsilonRound: round && round.hub,
    epsilonTotal: total && total.hub,
    epsilonOutsideRound: round && round.broadcast,
    epsilonOutsideTotal: total && total.broadcast,
    broadcastProof: total && total.broadcastProof,
    groups: shownGroups
      .map((k) => groupFigure(settings, spec, k))
      .filter((figure) => figure !== null),
    caps: hardCaps,
    hasSample: hasSample(settings),
  };
}
