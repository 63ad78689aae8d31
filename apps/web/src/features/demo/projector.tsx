import './messages.ts';
import './projector.css';
import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';

interface ProjectorState {
  isOn: boolean;
  set: (isOn: boolean) => void;
}

/** Whether the dashboard is shown to a room: big type, high contrast, no controls. */
export const useProjector = create<ProjectorState>()((set) => ({
  isOn: false,
  set: (isOn) => {
    set({ isOn });
  },
}));

/** Turns the whole document into projector mode and back; Escape leaves it. */
export function useProjectorMode(): boolean {
  const isOn = useProjector((s) => s.isOn);
  const set = useProjector((s) => s.set);
  useEffect(() => {
    if (!isOn) return;
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.querySelector('[role="dialog"]')) set(false);
    };
    document.documentElement.dataset['projector'] = '';
    document.addEventListener('keydown', leave);
    return () => {
      delete document.documentElement.dataset['projector'];
      document.removeEventListener('keydown', leave);
    };
  }, [isOn, set]);
  useEffect(
    () => () => {
      set(false);
    },
    [set],
  );
  return isOn;
}

export function ProjectorButton() {
  const { t } = useTranslation('demo');
  const { isOn, set } = useProjector();
  return (
    <Button
      variant="default"
      size={isOn ? 'compact-sm' : 'sm'}
      onClick={() => {
        set(!isOn);
      }}
    >
      {isOn ? t('leave') : t('projector')}
    </Button>
  );
}
