import { Box, Switch } from '@mantine/core';
import type { FederationRecord } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../shared/components/notice.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import classes from './create.module.css';
import type { StartFault } from './start-from.ts';

export interface StartPanelProps {
  source: FederationRecord;
  isOn: boolean;
  fault: StartFault | null;
  onChange: (isOn: boolean) => void;
}

/** Whose adapter the new federation begins with, what comes along and what does not. */
export function StartPanel({ source, isOn, fault, onChange }: StartPanelProps) {
  const { t } = useTranslation('admin');
  const { name } = source.settings;
  const { round } = source.adapter;
  return (
    <Panel title={t('startFrom.title', { name })} icon="arrow">
      <Switch
        label={t(round > 0 ? 'startFrom.on' : 'startFrom.onUntrained', { round })}
        checked={isOn}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />
      <ul className={classes.points}>
        <li>{t(isOn ? 'startFrom.carries' : 'startFrom.fresh')}</li>
        <li>{t('startFrom.leaves')}</li>
        <li>{t('startFrom.budget')}</li>
        <li>{t('startFrom.evaluation')}</li>
        <li>{t('startFrom.running', { name })}</li>
      </ul>
      {isOn && fault ? (
        <Box mt="md">
          <Notice tone="warn" title={t(`startFrom.faults.${fault}`)}>
            <p>{t(`startFrom.todo.${fault}`)}</p>
          </Notice>
        </Box>
      ) : null}
    </Panel>
  );
}
