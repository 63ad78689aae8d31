import { Modal } from '@mantine/core';
import type { ModalProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A modal window whose close button has a name. */
export function Dialog(props: Omit<ModalProps, 'closeButtonProps'>) {
  const { t } = useTranslation();
  return (
    <Modal
      styles={{ title: { fontWeight: 650 } }}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      {...props}
    />
  );
}
