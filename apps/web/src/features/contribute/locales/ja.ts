import type { Translated } from '../../../shared/i18n/i18n.ts';
import type { en } from './en.ts';
import { jaConsent } from './ja-consent.ts';
import { jaData } from './ja-data.ts';
import { jaSetup } from './ja-setup.ts';
import { jaTable } from './ja-table.ts';

export const ja: Translated<typeof en> = { ...jaSetup, ...jaConsent, ...jaData, ...jaTable };
