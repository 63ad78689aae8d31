import { SegmentedControl, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { Comparison, ComparisonRow } from '@roundtable/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { federationColor } from '../../../shared/dashboard/colors.ts';
import { markerPath, runMark } from '../../../shared/dashboard/run-marks.ts';
import { useFormat } from '../../../shared/format/use-format.ts';
import { costTicks, dodge, linearTicks } from './chart-scale.ts';
import type { CostAxis } from './chart-scale.ts';
import { costAxes, costOfRow } from './chart-scale.ts';
import classes from './cost.module.css';

const HEIGHT = 290;
/** Accuracy left free above and below. */
const Y_MARGIN = 0.02;
/** Free space at both ends of the x axis, so that no marker is cut. */
const INSET = 16;
const FRAME = { left: 54, right: 16, top: 14, bottom: 34 };

/** How a row of a comparison is named: its start of A and its unit set it apart from others of its method. */
function useRowName(): (row: ComparisonRow) => string {
  const { t } = useTranslation('admin');
  return ({ method, aInit, privacyUnit }) => {
    const unit = privacyUnit === 'client' ? ` · ${t('privacy.units.client')}` : '';
    return `${t(`shared:methods.${method}`)} · ${t(`card.starts.${aInit}`)}${unit}`;
  };
}

interface Span {
  low: number;
  high: number;
}

function spanOf({ accuracy }: ComparisonRow): Span {
  const half = accuracy.halfWidth ?? 0;
  return { low: accuracy.mean - half, high: accuracy.mean + half };
}

interface PlotProps {
  comparison: Comparison;
  axis: CostAxis;
  width: number;
  writeX: (value: number) => string;
  label: string;
}

function Plot({ comparison, axis, width, writeX, label }: PlotProps) {
  const format = useFormat();
  const { rows, untrainedAccuracy } = comparison;
  const spans = rows.map(spanOf);
  const yTicks = linearTicks(
    Math.max(0, Math.min(...spans.map(({ low }) => low)) - Y_MARGIN),
    Math.min(1, Math.max(...spans.map(({ high }) => high)) + Y_MARGIN),
  );
  const isBaselineInside = untrainedAccuracy >= yTicks[0]! && untrainedAccuracy <= yTicks.at(-1)!;
  const xs = rows.map((row) => costOfRow(row, axis));
  const xTicks = costTicks(xs, axis);
  const isLog = axis === 'bytes';
  const scale = (value: number, from: number, to: number): number => (value - from) / (to - from);
  const along = (value: number): number => {
    const [from, to] = [xTicks[0]!, xTicks.at(-1)!];
    const share = isLog
      ? scale(Math.log10(value), Math.log10(from), Math.log10(to))
      : scale(value, from, to);
    return FRAME.left + INSET + share * (width - FRAME.left - FRAME.right - 2 * INSET);
  };
  const up = (value: number): number =>
    HEIGHT -
    FRAME.bottom -
    scale(value, yTicks[0]!, yTicks.at(-1)!) * (HEIGHT - FRAME.top - FRAME.bottom);
  const shifts = dodge(rows.map((row, i) => ({ x: along(xs[i]!), y: up(row.accuracy.mean) })));
  const isNarrow = width < 420;
  return (
    <svg className={classes.chart} width={width} height={HEIGHT} role="img" aria-label={label}>
      {yTicks.map((tick) => (
        <g key={tick}>
          <path className={classes.grid} d={`M${FRAME.left} ${up(tick)}H${width - FRAME.right}`} />
          <text className={classes.axis} x={FRAME.left - 8} y={up(tick) + 4} textAnchor="end">
            {format.percent(tick)}
          </text>
        </g>
      ))}
      {xTicks.map((tick, i) =>
        isNarrow && i % 2 === 1 ? null : (
          <text
            key={tick}
            className={classes.axis}
            x={along(tick)}
            y={HEIGHT - 12}
            textAnchor={i === 0 ? 'start' : i === xTicks.length - 1 ? 'end' : 'middle'}
          >
            {writeX(tick)}
          </text>
        ),
      )}
      {isBaselineInside ? (
        <path
          className={classes.baseline}
          d={`M${FRAME.left} ${up(untrainedAccuracy)}H${width - FRAME.right}`}
        />
      ) : null}
      {rows.map((row, i) => {
        const x = along(xs[i]!) + shifts[i]!;
        const { low, high } = spans[i]!;
        const color = federationColor(i);
        return (
          <g key={`${row.method}/${row.aInit}/${row.privacyUnit}`}>
            <path d={`M${x} ${up(low)}V${up(high)}`} stroke={color} strokeWidth={1.75} />
            <path
              d={markerPath(runMark(i).marker, x, up(row.accuracy.mean), 6)}
              fill={color}
              stroke="var(--rt-surface)"
              strokeWidth={1.5}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** The accuracies of a comparison against what they cost, with their intervals. */
export function EvidenceChart({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const rowName = useRowName();
  const { ref, width } = useElementSize();
  const [axis, setAxis] = useState<CostAxis>('bytes');
  const writeX = (value: number): string =>
    axis === 'seconds'
      ? t('card.seconds', { value: format.number(value, value < 10 ? 1 : 0) })
      : format.bytes(value);
  const axisName = t(`card.axes.${axis}`);
  const accuracyOf = ({ accuracy: { mean, halfWidth } }: ComparisonRow): string =>
    halfWidth === null
      ? format.percent(mean, 1)
      : `${format.number(100 * mean, 1)} ± ${format.number(100 * halfWidth, 1)} %`;
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        {t('card.axis')}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label={t('card.axis')}
        value={axis}
        data={costAxes.map((value) => ({ value, label: t(`card.axes.${value}`) }))}
        onChange={(next) => {
          const chosen = costAxes.find((candidate) => candidate === next);
          if (chosen) setAxis(chosen);
        }}
      />
      <div ref={ref} style={{ minHeight: HEIGHT, minWidth: 0 }}>
        {width > 0 ? (
          <Plot
            {...{ comparison, axis, width, writeX }}
            label={t('card.chart', { axis: axisName })}
          />
        ) : null}
      </div>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('card.measured')}>
        <table className={classes.legend}>
          <thead>
            <tr>
              <th scope="col">{t('card.columns.method')}</th>
              <th scope="col">{t('card.accuracy')}</th>
              <th scope="col">{axisName}</th>
            </tr>
          </thead>
          <tbody>
            {comparison.rows.map((row, i) => (
              <tr key={`${row.method}/${row.aInit}/${row.privacyUnit}`}>
                <th scope="row">
                  <svg width={16} height={14} aria-hidden="true">
                    <path d={markerPath(runMark(i).marker, 8, 7, 5)} fill={federationColor(i)} />
                  </svg>
                  {rowName(row)}
                </th>
                <td>{accuracyOf(row)}</td>
                <td>{writeX(costOfRow(row, axis))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
