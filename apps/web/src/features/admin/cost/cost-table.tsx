import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { PrivacyFigures } from '../create/privacy-figures.ts';
import classes from './cost.module.css';
import type { Evidence } from './evidence-of.ts';
import type { MethodRow } from './method-rows.ts';
import { costWith } from './method-rows.ts';
import type { FiguresOrReason } from './use-all-figures.ts';

export const costColumns = [
  'up',
  'down',
  'memory',
  'seconds',
  'epsilonHub',
  'epsilonOutside',
  'lost',
] as const;
export type CostColumn = (typeof costColumns)[number];

/** What a person may do with a row. */
export interface RowAction {
  label: string;
  /** What there is to know before it is taken. */
  note?: string | undefined;
  onUse: () => void;
}

export interface CostTableProps {
  rows: readonly MethodRow[];
  figures: readonly (FiguresOrReason | null)[];
  evidence: readonly (Evidence | null)[];
  /** How much longer than the machine of the comparison this device needs; null where that is not known. */
  factor: number | null;
  actionFor: (row: MethodRow) => RowAction;
}

function Cell(props: { column: CostColumn; children: ReactNode; share?: number | undefined }) {
  const { t } = useTranslation('admin');
  return (
    <td role="cell" className={classes.cell} data-label={t(`card.columns.${props.column}`)}>
      <span className={classes.number}>{props.children}</span>
      {props.share === undefined ? null : (
        <span className={classes.track} aria-hidden="true">
          <span className={classes.bar} style={{ width: `${100 * props.share}%` }} />
        </span>
      )}
    </td>
  );
}

function Unknown({ words }: { words: string }) {
  return <span className={classes.unknown}>{words}</span>;
}

/** ε of the whole run against one observer. */
function EpsilonCell(props: {
  row: MethodRow;
  figures: FiguresOrReason | null;
  observer: keyof PrivacyFigures['allRounds'];
}) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { row, figures, observer } = props;
  const column = observer === 'hub' ? 'epsilonHub' : 'epsilonOutside';
  const isOpen = row.draft.privacyTarget === null;
  return (
    <Cell column={column}>
      {isOpen ? (
        '∞'
      ) : figures === null ? (
        <Unknown words={row.settings ? t('card.computing') : '–'} />
      ) : typeof figures === 'string' ? (
        <Unknown words={t('card.unreachable')} />
      ) : (
        format.epsilon(figures.allRounds[observer])
      )}
    </Cell>
  );
}

function NotMeasured({ row }: { row: MethodRow }) {
  const { t } = useTranslation('admin');
  return <Unknown words={row.settings ? t('card.notMeasured') : '–'} />;
}

function MeasuredCells(props: {
  row: MethodRow;
  evidence: Evidence | null;
  factor: number | null;
}) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const { row, evidence, factor } = props;
  if (!evidence) {
    const unknown = <NotMeasured row={row} />;
    return (
      <>
        <Cell column="memory">{unknown}</Cell>
        <Cell column="seconds">{unknown}</Cell>
      </>
    );
  }
  const { clientMemoryBytes, clientSeconds } = evidence.row;
  const seconds = clientSeconds * (factor ?? 1);
  const value = format.number(seconds, seconds < 10 ? 1 : 0);
  return (
    <>
      <Cell column="memory" share={evidence.memoryShare}>
        {format.bytes(clientMemoryBytes)}
      </Cell>
      <Cell column="seconds" share={evidence.secondsShare}>
        {factor === null ? t('card.seconds', { value }) : t('card.about', { value })}
      </Cell>
    </>
  );
}

function LostCell({ row, evidence }: { row: MethodRow; evidence: Evidence | null }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  if (!evidence) {
    return (
      <Cell column="lost">
        <NotMeasured row={row} />
      </Cell>
    );
  }
  const { lost, reference } = evidence.degradation;
  const points = format.number(100 * lost.mean, 1);
  const { aInit } = evidence.row;
  return (
    <Cell column="lost">
      {reference === evidence.row
        ? t('card.best')
        : lost.halfWidth === null
          ? t('card.points', { points })
          : t('card.pointsWithin', { points, half: format.number(100 * lost.halfWidth, 1) })}
      {aInit === row.draft.settings.adapter.aInit ? null : (
        <span className={classes.aside}>
          {t('card.otherStart', { start: t(`choices.adapter.aInit.${aInit}`) })}
        </span>
      )}
    </Cell>
  );
}

function ActionOf({ row, action }: { row: MethodRow; action: RowAction }) {
  const { t } = useTranslation('admin');
  if (row.isChosen) return <span className={classes.chosen}>{t('card.chosen')}</span>;
  const name = t(`choices.method.${row.name}`);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`${action.label}: ${name}`}
        onClick={action.onUse}
      >
        {action.label}
      </Button>
      {action.note ? <span className={classes.note}>{action.note}</span> : null}
    </>
  );
}

/** Whether what a method does for privacy has nothing to do with noise. */
function protectsWithoutNoise({ name }: MethodRow): boolean {
  return name === 'fedlpp' || name === 'zeroth-order';
}

/** One method beside the others: what it costs, what it protects and what it does not. */
export function CostTable({ rows, figures, evidence, factor, actionFor }: CostTableProps) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const costs = rows.map((row, i) => {
    const known = figures[i];
    return costWith(row, typeof known === 'object' && known ? known.noiseMultiplier : null);
  });
  const most = (of: 'bytesUpPerRound' | 'bytesDownPerRound'): number =>
    Math.max(1, ...costs.map((cost) => cost?.[of] ?? 0));
  const mostUp = most('bytesUpPerRound');
  const mostDown = most('bytesDownPerRound');
  return (
    <table role="table" className={classes.table}>
      <caption className="visually-hidden">{t('card.title')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            {t('card.columns.method')}
          </th>
          {costColumns.map((column) => (
            <th key={column} scope="col" role="columnheader">
              {t(`card.columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      {rows.map((row, i) => {
        const cost = costs[i];
        const unit = row.draft.privacyTarget?.privacyUnit ?? 'none';
        return (
          <tbody key={row.name} role="rowgroup" data-chosen={row.isChosen}>
            <tr role="row">
              <th scope="row" role="rowheader" rowSpan={2} className={classes.method}>
                <span className={classes.name}>{t(`choices.method.${row.name}`)}</span>
                <ActionOf row={row} action={actionFor(row)} />
              </th>
              <Cell column="up" share={cost ? cost.bytesUpPerRound / mostUp : undefined}>
                {cost ? format.bytes(cost.bytesUpPerRound) : '–'}
              </Cell>
              <Cell column="down" share={cost ? cost.bytesDownPerRound / mostDown : undefined}>
                {cost ? format.bytes(cost.bytesDownPerRound) : '–'}
              </Cell>
              <MeasuredCells {...{ row, factor }} evidence={evidence[i] ?? null} />
              <EpsilonCell row={row} figures={figures[i] ?? null} observer="hub" />
              <EpsilonCell row={row} figures={figures[i] ?? null} observer="broadcast" />
              <LostCell row={row} evidence={evidence[i] ?? null} />
            </tr>
            <tr role="row">
              <td role="cell" colSpan={costColumns.length} className={classes.words}>
                <p>
                  <strong>{t('card.protects')}</strong> {t(`card.protection.${unit}`)}{' '}
                  {unit === 'none' && !protectsWithoutNoise(row)
                    ? null
                    : t(`card.does.${row.name}`)}
                </p>
                <p>
                  <strong>{t('card.leaves')}</strong> {t(`card.doesNot.${row.name}`)}
                </p>
                {typeof row.fit === 'string' ? <p className={classes.fault}>{row.fit}</p> : null}
              </td>
            </tr>
          </tbody>
        );
      })}
    </table>
  );
}
