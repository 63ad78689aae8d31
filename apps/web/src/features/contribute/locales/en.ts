import { enConsent } from './en-consent.ts';
import { enData } from './en-data.ts';
import { enSetup } from './en-setup.ts';
import { enTable } from './en-table.ts';

export const en = { ...enSetup, ...enConsent, ...enData, ...enTable };
