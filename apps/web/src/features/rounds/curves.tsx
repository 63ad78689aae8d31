import './messages.ts';
import { Group, Slider, Text, UnstyledButton } from '@mantine/core';
import type { FederationRecord } from '@roundtable/protocol';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../shared/components/panel.tsx';
import { useFormat } from '../../shared/format/use-format.ts';
import type { ChartLine } from './chart.tsx';
import { Chart } from './chart.tsx';
import classes from './curves.module.css';
import { metricFormat } from './metric-format.ts';
import { minimumSpans } from './plot-look.ts';
import type { Metric } from './series.ts';
import { align, metrics, seriesOf } from './series.ts';
import { smooth } from './smooth.ts';

export interface ColoredFederation {
  federation: FederationRecord;
  color: string;
}

interface CurveProps {
  metric: Metric;
  shown: readonly ColoredFederation[];
  smoothing: number;
}

function linesOf({ metric, shown, smoothing }: CurveProps): { x: number[]; lines: ChartLine[] } {
  const { x, ys } = align(shown.map(({ federation }) => seriesOf(federation, metric)));
  const isSmoothed = smoothing > 0 && (metric === 'accuracy' || metric === 'loss');
  const lines = shown.flatMap(({ federation, color }, i): ChartLine[] => {
    const values = ys[i]!;
    const label = federation.settings.name;
    if (!isSmoothed) return [{ label, color, values }];
    return [
      { label, color, values: smooth(values, smoothing) },
      { label: `${label} ·`, color, values, isFaint: true },
    ];
  });
  return { x, lines };
}

function Curve(props: CurveProps) {
  const { t } = useTranslation('rounds');
  const { metric, shown, smoothing } = props;
  const format = useFormat();
  const [isOpen, setOpen] = useState(true);
  const write = useMemo(() => metricFormat(metric, format), [metric, format]);
  const { x, lines } = useMemo(
    () => linesOf({ metric, shown, smoothing }),
    [metric, shown, smoothing],
  );
  const lastX = Math.max(1, ...x, ...shown.map(({ federation }) => federation.settings.rounds));
  const only = shown.length === 1 ? shown[0] : undefined;
  const limit = metric === 'epsilon' ? only?.federation.settings.privacy?.epsilonBudget : undefined;
  const isEmpty = lines.every(({ values }) => values.every((value) => value === null));
  const last = lines[0]?.values.findLast((value) => value !== null);
  const title = t(`metrics.${metric}`);
  const spoken = t('curves.spoken', {
    metric: title,
    rounds: Math.max(0, ...x),
    last: typeof last === 'number' ? write(last) : '–',
  });
  return (
    <section className={classes.curve} data-open={isOpen}>
      <UnstyledButton
        className={classes.head}
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        <span className={classes.chevron} aria-hidden="true" />
        <Text component="span" fw={620}>
          {title}
        </Text>
        <Text component="span" size="sm" c="dimmed">
          {t(`metrics.${metric}Note`)}
        </Text>
      </UnstyledButton>
      {!isOpen ? null : isEmpty ? (
        <div className={classes.nothing}>{t(`curves.nothing.${metric}`)}</div>
      ) : (
        <Chart
          {...{ x, lines, limit, lastX }}
          label={spoken}
          format={write}
          minimumSpan={minimumSpans[metric]}
        />
      )}
    </section>
  );
}

/** The four curves over rounds with one crosshair and one smoothing for all. */
export function Curves({ shown }: { shown: readonly ColoredFederation[] }) {
  const { t } = useTranslation('rounds');
  const [smoothing, setSmoothing] = useState(0);
  return (
    <Panel
      title={t('curves.title')}
      icon="noise"
      actions={
        <Group gap="sm" wrap="nowrap" data-control>
          <Text size="sm" c="dimmed" id="smoothing">
            {t('curves.smoothing')}
          </Text>
          <Slider
            className={classes.slider}
            size="sm"
            min={0}
            max={0.95}
            step={0.05}
            value={smoothing}
            onChange={setSmoothing}
            label={(value) => value.toFixed(2)}
            thumbProps={{ 'aria-labelledby': 'smoothing' }}
          />
        </Group>
      }
    >
      <div className={classes.grid}>
        {metrics.map((metric) => (
          <Curve key={metric} metric={metric} shown={shown} smoothing={smoothing} />
        ))}
      </div>
      <Text size="xs" c="dimmed" mt="sm">
        {t('curves.table')}
      </Text>
    </Panel>
  );
}
