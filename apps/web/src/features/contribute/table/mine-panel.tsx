import { Button, Group, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../shared/components/icon.tsx';
import { Panel } from '../../../shared/components/panel.tsx';
import { useFormat } from '../../../shared/format/use-format.ts';
import type { WorkerCommand } from '../../../worker/messages.ts';
import { useContributor } from '../contributor-store.ts';
import { useSend } from '../send-context.ts';

function useConfirmed(): (
  command: WorkerCommand,
  words: { title: string; text: string; confirm: string; done: string | null },
) => void {
  const send = useSend();
  const { t } = useTranslation();
  return (command, words) => {
    modals.openConfirmModal({
      title: words.title,
      children: <Text>{words.text}</Text>,
      labels: { confirm: words.confirm, cancel: t('common.cancel') },
      confirmProps: { color: 'red.9' },
      closeButtonProps: { 'aria-label': t('common.close') },
      onConfirm: () => {
        send(command);
        if (words.done) notifications.show({ message: words.done });
      },
    });
  };
}

function Examples() {
  const { t } = useTranslation('contribute');
  const format = useFormat();
  const data = useContributor((s) => s.data);
  const goTo = useContributor((s) => s.goTo);
  const confirmed = useConfirmed();
  const summary = data.kind === 'kept' ? data.summary : null;
  return (
    <Panel title={t('mine.title')} icon="data">
      <Stack gap="md">
        {summary ? (
          <Text>
            {t('mine.examples', {
              count: format.number(summary.examples),
              date: format.dateTime(summary.savedAtMs),
            })}{' '}
            {summary.isSample ? t('mine.sample') : summary.fileNames.join(', ')}
          </Text>
        ) : (
          <Text c="dimmed">{t('mine.nothing')}</Text>
        )}
        <Group>
          <Button
            variant="default"
            onClick={() => {
              goTo('data');
            }}
          >
            {t('mine.other')}
          </Button>
          <Button
            variant="default"
            c="var(--rt-bad)"
            disabled={!summary}
            leftSection={<Icon name="trash" size={18} />}
            onClick={() => {
              confirmed(
                { kind: 'delete-data' },
                {
                  title: t('mine.deleteData'),
                  text: t('mine.deleteDataText'),
                  confirm: t('mine.deleteData'),
                  done: t('mine.deletedData'),
                },
              );
            }}
          >
            {t('mine.deleteData')}
          </Button>
        </Group>
      </Stack>
    </Panel>
  );
}

/** What this browser keeps, and the ways to be rid of it. */
export function MinePanel() {
  const { t } = useTranslation('contribute');
  const version = useContributor((s) => s.consentVersion);
  const goTo = useContributor((s) => s.goTo);
  const confirmed = useConfirmed();
  return (
    <Stack gap="lg">
      <Examples />
      <Panel title={t('mine.learned')} icon="spark" note={t('mine.learnedText')}>
        <Button
          variant="default"
          c="var(--rt-bad)"
          leftSection={<Icon name="trash" size={18} />}
          onClick={() => {
            confirmed(
              { kind: 'delete-learned' },
              {
                title: t('mine.deleteLearned'),
                text: t('mine.learnedText'),
                confirm: t('mine.deleteLearned'),
                done: t('mine.deletedLearned'),
              },
            );
          }}
        >
          {t('mine.deleteLearned')}
        </Button>
      </Panel>
      <Panel title={t('mine.leave')} icon="leave" note={t('mine.leaveText')}>
        <Stack gap="sm" align="flex-start">
          <Text size="sm" c="dimmed">
            {t('mine.consentSince', { version: version?.slice(0, 12) ?? '' })}
          </Text>
          <Group>
            <Button
              variant="default"
              onClick={() => {
                goTo('consent');
              }}
            >
              {t('mine.readAgain')}
            </Button>
            <Button
              color="red.9"
              leftSection={<Icon name="leave" size={18} />}
              onClick={() => {
                confirmed(
                  { kind: 'leave' },
                  {
                    title: t('mine.leave'),
                    text: t('mine.leaveText'),
                    confirm: t('mine.leaveDo'),
                    done: null,
                  },
                );
              }}
            >
              {t('mine.leaveDo')}
            </Button>
          </Group>
        </Stack>
      </Panel>
    </Stack>
  );
}
