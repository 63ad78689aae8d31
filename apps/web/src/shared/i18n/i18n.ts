import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = ['ja', 'en'] as const;
export type Language = (typeof languages)[number];

/** A message tree; the Japanese one must have exactly the keys of the English one. */
export interface MessageTree {
  readonly [key: string]: string | MessageTree;
}
export type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]>;
};

const storageKey = 'roundtable.language';

function isLanguage(value: string | null): value is Language {
  return value === 'ja' || value === 'en';
}

/** The stored choice, else the first of the browser's languages that the pages speak, else English. */
export function preferredLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (isLanguage(stored)) return stored;
  for (const tag of wanted) {
    const base = tag.slice(0, 2).toLowerCase();
    if (isLanguage(base)) return base;
  }
  return 'en';
}

export const i18n = createInstance();

/** Adds one feature's messages; a feature calls it once when its module loads. */
export function registerMessages<T extends MessageTree>(
  namespace: string,
  messages: { en: T; ja: Translated<T> },
): void {
  i18n.addResourceBundle('en', namespace, messages.en);
  i18n.addResourceBundle('ja', namespace, messages.ja);
}

/** Starts the translations; call before any feature module registers its messages. */
export function startI18n(): void {
  void i18n.use(initReactI18next).init({
    lng: preferredLanguage(localStorage.getItem(storageKey), navigator.languages),
    fallbackLng: 'en',
    defaultNS: 'shared',
    resources: {},
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  applyLanguage(i18n.language);
  i18n.on('languageChanged', applyLanguage);
}

function applyLanguage(language: string): void {
  document.documentElement.lang = language;
}

/** Switches every page to `language` and remembers it on this device. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
  void i18n.changeLanguage(language);
}
