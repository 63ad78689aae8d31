import './messages.ts';
import { ActionIcon, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../shared/components/panel.tsx';
import { useMethodLabel } from '../../shared/dashboard/method-label.ts';
import {
  accuracyNow,
  epsilonNow,
  presentClients,
  totalBytes,
} from '../../shared/dashboard/selectors.ts';
import { useFormat } from '../../shared/format/use-format.ts';
import type { ColoredFederation } from './curves.tsx';
import { Eye } from './eye.tsx';
import { PhaseBadge } from './phase-badge.tsx';
import classes from './table.module.css';

export interface FederationListProps {
  federations: readonly ColoredFederation[];
  hidden: ReadonlySet<string>;
  onToggle: (federationId: string) => void;
}

const columns = [
  'name',
  'method',
  'phase',
  'round',
  'people',
  'accuracy',
  'epsilon',
  'bytes',
] as const;

function Row(props: { shown: ColoredFederation; isHidden: boolean; onToggle: () => void }) {
  const { t } = useTranslation('rounds');
  const format = useFormat();
  const methodLabel = useMethodLabel();
  const { federation, color } = props.shown;
  const { settings } = federation;
  const accuracy = accuracyNow(federation);
  const epsilon = epsilonNow(federation);
  const { up, down } = totalBytes(federation);
  return (
    <tr>
      <td className={classes.text}>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          aria-pressed={!props.isHidden}
          aria-label={t('list.show', { name: settings.name })}
          onClick={props.onToggle}
        >
          <Eye isOpen={!props.isHidden} />
        </ActionIcon>
      </td>
      <th scope="row">
        <Link
          to="/dashboard/$federationId"
          params={{ federationId: federation.federationId }}
          className={classes.name}
        >
          <span className={classes.swatch} style={{ background: color }} aria-hidden="true" />
          {settings.name}
        </Link>
        {settings.isDemo ? <span className={classes.simulated}>{t('list.demo')}</span> : null}
      </th>
      <td className={classes.text}>{methodLabel(settings)}</td>
      <td className={classes.text}>
        <PhaseBadge phase={federation.phase} />
      </td>
      <td>
        {federation.completedRounds} / {settings.rounds}
      </td>
      <td>
        {presentClients(federation).length} / {settings.cohort.target}
      </td>
      <td>{accuracy === null ? '–' : format.percent(accuracy, 1)}</td>
      <td>
        {epsilon === null || !settings.privacy
          ? '∞'
          : `${format.epsilon(epsilon)} / ${settings.privacy.epsilonBudget}`}
      </td>
      <td>{format.bytes(up + down)}</td>
    </tr>
  );
}

/** All federations: filter by name, colour, whether its curves are drawn, and the numbers side by side. */
export function FederationList({ federations, hidden, onToggle }: FederationListProps) {
  const { t } = useTranslation('rounds');
  const methodLabel = useMethodLabel();
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const found = federations.filter(({ federation }) => {
    const { name, baseModelId } = federation.settings;
    const text = `${name} ${baseModelId} ${methodLabel(federation.settings)} ${t(`phase.${federation.phase}`)}`;
    return text.toLowerCase().includes(wanted);
  });
  return (
    <Panel
      title={t('list.title')}
      icon="table"
      actions={
        <TextInput
          size="sm"
          radius="xl"
          w={270}
          maw="100%"
          placeholder={t('list.filter')}
          aria-label={t('list.filter')}
          value={filter}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
          }}
        />
      }
    >
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('list.title')}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col" className={classes.text}>
                <span className="visually-hidden">{t('list.curves')}</span>
              </th>
              {columns.map((column, i) => (
                <th key={column} scope="col" className={i < 3 ? classes.text : undefined}>
                  {t(`list.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.map((shown) => {
              const id = shown.federation.federationId;
              return (
                <Row
                  key={id}
                  shown={shown}
                  isHidden={hidden.has(id)}
                  onToggle={() => {
                    onToggle(id);
                  }}
                />
              );
            })}
          </tbody>
        </table>
        {found.length === 0 ? <p className={classes.empty}>{t('list.nothing')}</p> : null}
      </div>
    </Panel>
  );
}
