import { registerMessages } from './i18n.ts';
import { en } from './locales/en.ts';
import { ja } from './locales/ja.ts';

/** Adds the messages that every page may use (namespace `shared`, the default). */
export function registerSharedMessages(): void {
  registerMessages('shared', { en, ja });
}
