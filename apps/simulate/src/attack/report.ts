import type { AveragingFigure } from './averaging.ts';
import type { FineTuneFigures } from './fine-tune.ts';
import type { ModelPrivacy } from './model-privacy.ts';

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
const points = (fraction: number): string => (100 * fraction).toFixed(1);

/** The gaps in words. */
export function gapLine(gapByRound: readonly number[]): string {
  return `model-privacy gap     ${gapByRound.map(points).join(' ')} points, round by round`;
}

/** The averaging attack in words. */
export function averagingLines(figures: readonly AveragingFigure[], hub: number): string[] {
  return figures.map(({ proxies, distance, accuracy }) => {
    const far = distance === null ? 'θ is zero' : `distance ${distance.toFixed(3)}`;
    const name = `mean of ${proxies} prox${proxies === 1 ? 'y' : 'ies'}`;
    return `${name.padEnd(22)}${far}, ${percent(accuracy)} against the hub's ${percent(hub)}`;
  });
}

/** The fine-tune attack in words. */
export function fineTuneLine({ proxy, tuned, hub, alone }: FineTuneFigures): string {
  return `proxy fine-tuned      ${percent(tuned.accuracy)}; the proxy ${percent(proxy.accuracy)}, the hub ${percent(hub.accuracy)}, alone ${percent(alone.accuracy)}`;
}

/** What FedLPP kept from one client, for people. */
export function modelPrivacyLines({ gapByRound, averaging, fineTune }: ModelPrivacy): string[] {
  return [
    gapLine(gapByRound),
    ...averagingLines(averaging, fineTune.hub.accuracy),
    fineTuneLine(fineTune),
  ];
}
