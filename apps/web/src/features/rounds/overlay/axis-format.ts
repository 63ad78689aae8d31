import type { Format } from '../../../shared/format/format.ts';
import type { OverlayAxis } from './run-points.ts';

/** How positions on an axis are written. */
export function axisFormat(axis: OverlayAxis, format: Format): (value: number) => string {
  switch (axis) {
    case 'round':
      return (value) => format.number(value);
    case 'bytes':
      return format.bytes;
    case 'seconds':
      return format.duration;
    case 'epsilon':
      return format.epsilon;
  }
}
