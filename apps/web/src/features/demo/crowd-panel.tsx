import './messages.ts';
import { ActionIcon, Button, Group, Slider, Stack, Text } from '@mantine/core';
import type { FederationRecord } from '@roundtable/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../shared/components/api-problem.tsx';
import { Dialog } from '../../shared/components/dialog.tsx';
import { Panel } from '../../shared/components/panel.tsx';
import { presentClients } from '../../shared/dashboard/selectors.ts';
import { useDemo, useResetDemo, useSetCrowd } from './demo-api.ts';

/** The slider shows a crowd that fits a small machine; the hub itself allows more. */
const SLIDER_MAX = 40;

function ResetButton({ token, onReset }: { token: string; onReset: (id: string) => void }) {
  const { t } = useTranslation('demo');
  const [isAsking, setAsking] = useState(false);
  const reset = useResetDemo(token, onReset);
  return (
    <>
      <Button
        variant="default"
        size="sm"
        onClick={() => {
          setAsking(true);
        }}
      >
        {t('reset')}
      </Button>
      <Dialog
        opened={isAsking}
        title={t('resetTitle')}
        onClose={() => {
          setAsking(false);
        }}
      >
        <Stack>
          <Text>{t('resetText')}</Text>
          {reset.error ? <ApiProblem error={reset.error} /> : null}
          <Button
            color="red.9"
            loading={reset.isPending}
            onClick={() => {
              reset.mutate();
            }}
          >
            {t('resetConfirm')}
          </Button>
        </Stack>
      </Dialog>
    </>
  );
}

export interface CrowdPanelProps {
  federation: FederationRecord;
  token: string;
  /** Called with the id of the fresh federation. */
  onReset: (federationId: string) => void;
}

/** The presenter's hand on the simulated crowd; absent where the hub runs no demonstration. */
export function CrowdPanel({ federation, token, onReset }: CrowdPanelProps) {
  const { t } = useTranslation('demo');
  const demo = useDemo();
  const setCrowd = useSetCrowd(token);
  const [dragged, setDragged] = useState<number | null>(null);
  const state = demo.data;
  if (!state?.isDemo || state.federationId !== federation.federationId) return null;
  const most = Math.min(SLIDER_MAX, state.maxCrowd);
  const size = dragged ?? state.crowdSize;
  const connected = presentClients(federation).filter((client) => client.isSimulated).length;
  const want = (wanted: number) => {
    setDragged(null);
    setCrowd.mutate(Math.min(state.maxCrowd, Math.max(0, wanted)));
  };
  return (
    <Panel
      title={t('crowd')}
      icon="people"
      note={t('crowdNow', { connected, wanted: state.crowdSize })}
      actions={<ResetButton token={token} onReset={onReset} />}
    >
      <Group wrap="nowrap" gap="md">
        <ActionIcon
          variant="default"
          size="lg"
          radius="xl"
          aria-label={t('remove')}
          onClick={() => {
            want(state.crowdSize - 1);
          }}
        >
          −
        </ActionIcon>
        <Slider
          flex={1}
          mb={26}
          min={0}
          max={most}
          value={Math.min(most, size)}
          onChange={setDragged}
          onChangeEnd={want}
          thumbLabel={t('crowd')}
          marks={[0, 10, 20, 40].filter((v) => v <= most).map((value) => ({ value, label: value }))}
        />
        <ActionIcon
          variant="default"
          size="lg"
          radius="xl"
          aria-label={t('add')}
          onClick={() => {
            want(state.crowdSize + 1);
          }}
        >
          +
        </ActionIcon>
        <Text w={44} ta="right" fw={680} fz="xl" className="tabular">
          {size}
        </Text>
      </Group>
      {federation.phase === 'stopped' ? (
        <Text size="sm" c="dimmed">
          {t('over')}
        </Text>
      ) : null}
      {setCrowd.error ? <ApiProblem error={setCrowd.error} /> : null}
    </Panel>
  );
}
