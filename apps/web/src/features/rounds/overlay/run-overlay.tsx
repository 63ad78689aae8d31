import '../messages.ts';
import { SegmentedControl, Slider, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { ColoredFederation } from '../curves.tsx';
import { metricFormat } from '../metric-format.ts';
import { minimumSpans } from '../plot-look.ts';
import type { Metric } from '../series.ts';
import { metrics } from '../series.ts';
import { axisFormat } from './axis-format.ts';
import { CrosshairStage } from './crosshair-stage.tsx';
import classes from './overlay.module.css';
import type { MarkedRun } from './overlay-lines.ts';
import { overlayLines } from './overlay-lines.ts';
import { OverlayPlot } from './overlay-plot.tsx';
import type { Reading } from './run-list.tsx';
import { RunList } from './run-list.tsx';
import { runMark } from '../../../shared/dashboard/run-marks.ts';
import { RunNumbers } from './run-numbers.tsx';
import type { OverlayAxis } from './run-points.ts';
import { overlayAxes, pointAt } from './run-points.ts';

export interface RunOverlayProps {
  federations: readonly ColoredFederation[];
  hidden: ReadonlySet<string>;
  onToggle: (federationId: string) => void;
}

interface View {
  metric: Metric;
  axis: OverlayAxis;
  smoothing: number;
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  values: readonly T[];
  nameOf: (value: T) => string;
  onChange: (value: T) => void;
}) {
  const { values } = props;
  return (
    <div className={classes.control}>
      <Text size="sm" c="dimmed">
        {props.label}
      </Text>
      <SegmentedControl
        size="sm"
        aria-label={props.label}
        value={props.value}
        data={values.map((value) => ({ value, label: props.nameOf(value) }))}
        onChange={(next) => {
          const value = values.find((candidate) => candidate === next);
          if (value !== undefined) props.onChange(value);
        }}
      />
    </div>
  );
}

function Controls({ view, onView }: { view: View; onView: (view: View) => void }) {
  const { t } = useTranslation('rounds');
  return (
    <div className={classes.controls} data-control>
      <Choice
        label={t('overlay.metric')}
        value={view.metric}
        values={metrics}
        nameOf={(metric) => t(`overlay.metrics.${metric}`)}
        onChange={(metric) => {
          onView({ ...view, metric });
        }}
      />
      <Choice
        label={t('overlay.axis')}
        value={view.axis}
        values={overlayAxes}
        nameOf={(axis) => t(`overlay.axes.${axis}`)}
        onChange={(axis) => {
          onView({ ...view, axis });
        }}
      />
      <div className={classes.control}>
        <Text size="sm" c="dimmed" id="overlay-smoothing">
          {t('curves.smoothing')}
        </Text>
        <Slider
          className={classes.slider}
          size="sm"
          min={0}
          max={0.95}
          step={0.05}
          value={view.smoothing}
          label={(value) => value.toFixed(2)}
          thumbProps={{ 'aria-labelledby': 'overlay-smoothing' }}
          onChange={(smoothing) => {
            onView({ ...view, smoothing });
          }}
        />
      </div>
    </div>
  );
}

function Stage({ runs, all, hidden, onToggle, view }: StageProps) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const [at, setAt] = useState<number | null>(null);
  const { metric, axis, smoothing } = view;
  const formatX = useMemo(() => axisFormat(axis, format), [axis, format]);
  const formatY = useMemo(() => metricFormat(metric, format), [metric, format]);
  const { x, lines, points } = useMemo(
    () => overlayLines({ runs, metric, axis, smoothing }),
    [runs, metric, axis, smoothing],
  );
  const metricName = t(`overlay.metrics.${metric}`);
  const axisName = t(`overlay.axes.${axis}`);
  const position = at === null ? Infinity : (x[Math.min(at, x.length - 1)] ?? Infinity);
  const readings = new Map<string, Reading>();
  runs.forEach(({ federation }, i) => {
    const point = pointAt(points[i]!, position);
    if (!point) return;
    const place = t('overlay.round', { round: point.round });
    const where = axis === 'round' ? place : `${formatX(point.x)} · ${place}`;
    readings.set(federation.federationId, { where, value: formatY(point.y) });
  });
  const spoken = runs
    .map(({ federation: { federationId, settings } }) => {
      const reading = readings.get(federationId);
      return `${settings.name}: ${reading ? `${reading.value} (${reading.where})` : '–'}`;
    })
    .join('; ');
  const isEmpty = x.length === 0;
  return (
    <>
      {isEmpty ? (
        <div className={classes.nothing}>
          {t(
            runs.length === 0
              ? 'overlay.allHidden'
              : `overlay.nothing.${axis === 'epsilon' ? 'epsilon' : metric}`,
          )}
        </div>
      ) : (
        <CrosshairStage
          label={t('overlay.spoken', { metric: metricName, axis: axisName })}
          count={x.length}
          spoken={spoken}
          at={at}
          onMove={setAt}
        >
          <OverlayPlot
            {...{ x, lines, formatX, formatY, at }}
            isCounted={axis === 'round'}
            minimumSpan={minimumSpans[metric]}
            onPoint={setAt}
          />
        </CrosshairStage>
      )}
      <RunList runs={all} {...{ hidden, readings, onToggle }} />
      <RunNumbers
        {...{ runs, points, metricName, formatX, formatY }}
        axisName={axis === 'round' ? null : axisName}
      />
      <Text size="xs" c="dimmed" mt="sm">
        {t(`overlay.axisNotes.${axis}`)} {t('overlay.keys')}
      </Text>
    </>
  );
}

interface StageProps {
  runs: readonly MarkedRun[];
  all: readonly MarkedRun[];
  hidden: ReadonlySet<string>;
  onToggle: (federationId: string) => void;
  view: View;
}

/** The runs of all federations in one chart: by rounds, bytes, seconds or ε. */
export function RunOverlay({ federations, hidden, onToggle }: RunOverlayProps) {
  const { t } = useTranslation('rounds');
  const [view, setView] = useState<View>({ metric: 'accuracy', axis: 'round', smoothing: 0 });
  const all = useMemo(
    () =>
      federations.map(({ federation, color }, i): MarkedRun => ({
        federation,
        color,
        mark: runMark(i),
      })),
    [federations],
  );
  const runs = useMemo(
    () => all.filter(({ federation }) => !hidden.has(federation.federationId)),
    [all, hidden],
  );
  return (
    <Panel title={t('overlay.title')} icon="noise" note={t('overlay.note')}>
      <Controls view={view} onView={setView} />
      <Stage key={`${view.axis}/${view.metric}`} {...{ runs, all, hidden, onToggle, view }} />
    </Panel>
  );
}
