import './messages.ts';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/components/icon.tsx';
import classes from './demo.module.css';

/** Stands on every page that shows simulated participants. */
export function SimulatedBanner() {
  const { t } = useTranslation('demo');
  return (
    <aside className={classes.banner} aria-label={t('simulated')}>
      <Icon name="info" size={18} />
      <p>
        <strong>{t('simulated')}</strong> <span>{t('simulatedText')}</span>
      </p>
    </aside>
  );
}
