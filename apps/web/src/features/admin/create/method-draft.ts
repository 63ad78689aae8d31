import type { DownloadEncoding, MethodChoice, PrivacySettings } from '@roundtable/protocol';
import { methodChoiceOf, methodSettings } from '@roundtable/protocol';
import type { Draft, PrivacyTarget } from './draft.ts';
import { batchFor, isTunedAlike, tuningOf } from '@roundtable/methods';

/** FedLPP's widths w, in bits per value. */
export const codebookWidths = [1, 2, 3, 4] as const;
export type CodebookWidth = (typeof codebookWidths)[number];

/** The width of a codebook on the way down; null for anything else. */
export function codebookWidthOf(download: DownloadEncoding): CodebookWidth | null {
  return codebookWidths.find((bits) => download === `codebook-${bits}`) ?? null;
}

/** What a draft's settings choose, so that a part of it can be changed. */
export function choiceOf({ settings }: Draft): MethodChoice {
  const { method, fedSvd, zerothOrder, wire } = settings;
  return {
    name: methodChoiceOf(settings),
    ...(method !== 'zeroth-order' && { baseMethod: method }),
    codebookBits: codebookWidthOf(wire.download) ?? undefined,
    period: fedSvd?.period,
    zerothOrder,
  };
}

/** How the adapter travels where the method leaves it open: as before, or as 16-bit floats. */
function freeDownload(download: DownloadEncoding): DownloadEncoding {
  const isOfMethod = download === 'scalar-log' || codebookWidthOf(download) !== null;
  return isOfMethod ? 'fp16' : download;
}

/** The draft without Laplace noise where that is not allowed: it hides single examples only. */
function withAllowedNoise(draft: Draft): Draft {
  const { zerothOrder } = draft.settings;
  if (zerothOrder?.noise !== 'laplace' || draft.privacyTarget?.privacyUnit === 'example') {
    return draft;
  }
  const gaussian = { ...zerothOrder, noise: 'gaussian' as const };
  return { ...draft, settings: { ...draft.settings, zerothOrder: gaussian } };
}

/**
 * The draft with another method: data, people, privacy and adapter stay, and so does the tuning among methods that learn
 * by gradients; what only the old method had is dropped.
 */
export function withMethod(draft: Draft, choice: MethodChoice): Draft {
  const { fedSvd: _fedSvd, zerothOrder: _zerothOrder, ...others } = draft.settings;
  const { download, ...method } = methodSettings(choice);
  const wire = { ...others.wire, download: download ?? freeDownload(others.wire.download) };
  const settings = { ...others, ...method, wire };
  if (method.method === 'zeroth-order')
    settings.training = { ...others.training, optimizer: 'sgd' };
  if (isTunedAlike(others.method, method.method)) return withAllowedNoise({ ...draft, settings });
  const unit = draft.privacyTarget?.privacyUnit ?? 'example';
  const { clippingNorm, ...tuned } = tuningOf(method.method, unit);
  const batch = batchFor(draft.examplesPerClient, tuned.samplingRate);
  settings.training = { ...settings.training, ...tuned, ...batch };
  return withAllowedNoise({ ...draft, clippingNorm, settings });
}

/** The draft with another unit of protection, for which another tuning is right. */
export function withUnit(draft: Draft, privacyUnit: PrivacySettings['privacyUnit']): Draft {
  const { privacyTarget, settings } = draft;
  if (!privacyTarget) return draft;
  const { clippingNorm, learningRate } = tuningOf(settings.method, privacyUnit);
  const training = { ...settings.training, learningRate };
  return withAllowedNoise({
    ...draft,
    clippingNorm,
    privacyTarget: { ...privacyTarget, privacyUnit },
    settings: { ...settings, training },
  });
}

/** The draft with this target, or without differential privacy. */
export function withTarget(draft: Draft, privacyTarget: PrivacyTarget | null): Draft {
  return withAllowedNoise({ ...draft, privacyTarget });
}
