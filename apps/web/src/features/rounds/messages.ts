import { registerMessages } from '../../shared/i18n/i18n.ts';
import { en } from './locales/en.ts';
import { ja } from './locales/ja.ts';

registerMessages('rounds', { en, ja });
