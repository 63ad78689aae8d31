import type { RunMark } from '../../../shared/dashboard/run-marks.ts';
import { markerPath } from '../../../shared/dashboard/run-marks.ts';

/** A run's line as it stands in the plot; the name beside it carries the words. */
export function RunSwatch({ color, mark }: { color: string; mark: RunMark }) {
  return (
    <svg width={30} height={14} viewBox="0 0 30 14" aria-hidden="true">
      <path d="M1 7H29" stroke={color} strokeWidth={2.25} strokeDasharray={mark.dash.join(' ')} />
      <path d={markerPath(mark.marker, 15, 7, 4)} fill={color} />
    </svg>
  );
}
