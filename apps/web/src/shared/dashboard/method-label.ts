import type { FederationSettings } from '@roundtable/protocol';
import { methodChoiceOf } from '@roundtable/protocol';
import { useTranslation } from 'react-i18next';

type Chosen = Pick<FederationSettings, 'method' | 'wire' | 'zerothOrder'>;

/** The system that a federation runs, in a few words. */
export function useMethodLabel(): (settings: Chosen) => string {
  const { t } = useTranslation();
  return (settings) => {
    const name = methodChoiceOf(settings);
    if (name === 'fedlpp') {
      const bits = settings.wire.download.slice(-1);
      return t('methods.fedlppOn', { bits, base: t(`methods.${settings.method}`) });
    }
    const directions = settings.zerothOrder?.directions;
    if (directions === undefined) return t(`methods.${name}`);
    return t('methods.zerothOrderWith', { directions });
  };
}
