import { requireGaussian } from '../arguments.ts';
import { discreteGaussianRdpCurve } from './discrete-gaussian-rdp.ts';
import type { ReleaseEvent } from './event.ts';
import { laplaceRdp, laplaceRdpCurve } from './laplace-rdp.ts';
import { rdpCurve } from './rdp.ts';
import { skellamRdpBound, skellamRdpCurve } from './skellam-rdp.ts';
import { subsampledRdpCurve } from './subsampled-rdp.ts';

/**
 * Rényi divergences at the 156 orders of one release of any kind, neighbors add or remove one example.
 * Gaussians are sampled by their own theorem, everything else by the one for any mechanism.
 * The failure probabilities of the event are not in it: they add to δ, not to the curve.
 * @returns +inf where there is no noise or a bound is not known to be finite, never NaN
 */
export function rdpCurveOf(event: ReleaseEvent): Float64Array {
  const { samplingRate, noiseMultiplier } = event;
  requireGaussian(samplingRate, noiseMultiplier);
  switch (event.kind) {
    case 'gaussian':
      return rdpCurve(samplingRate, noiseMultiplier);
    case 'laplace':
      return subsampledRdpCurve(
        samplingRate,
        (order) => laplaceRdp(noiseMultiplier, order),
        laplaceRdpCurve(noiseMultiplier),
      );
    case 'discrete-gaussian':
      return subsampledRdpCurve(
        samplingRate,
        (order) => order / (2 * noiseMultiplier * noiseMultiplier),
        discreteGaussianRdpCurve(noiseMultiplier),
      );
    case 'skellam': {
      const noiseStddev = noiseMultiplier * event.l2Sensitivity;
      const release = { ...event, noiseStddev };
      return subsampledRdpCurve(
        samplingRate,
        (order) => skellamRdpBound(release, order),
        skellamRdpCurve(release),
      );
    }
  }
}
