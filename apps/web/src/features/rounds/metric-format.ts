import type { Format } from '../../shared/format/format.ts';
import type { Metric } from './series.ts';

/** How values of a metric are written on axes, in legends and in tables. */
export function metricFormat(metric: Metric, format: Format): (value: number) => string {
  switch (metric) {
    case 'accuracy':
      return (value) => format.percent(value, 1);
    case 'loss':
      return format.loss;
    case 'epsilon':
      return format.epsilon;
    case 'bytes':
      return format.bytes;
  }
}
