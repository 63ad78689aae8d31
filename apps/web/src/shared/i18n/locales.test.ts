import { refusalReasons } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import type { MessageTree } from './i18n.ts';
import { preferredLanguage } from './i18n.ts';
import { en } from './locales/en.ts';
import { ja } from './locales/ja.ts';

const modules = import.meta.glob<Record<string, MessageTree>>('../../**/locales/{en,ja}.ts', {
  eager: true,
});
const sources = import.meta.glob<string>('../../**/*.{ts,tsx}', {
  eager: true,
  query: '?raw',
  import: 'default',
});

function leaves(tree: MessageTree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof value === 'string') found.set(path, value);
    else for (const [inner, text] of leaves(value, path)) found.set(inner, text);
  }
  return found;
}

const folders = Object.keys(modules)
  .filter((path) => path.endsWith('/en.ts'))
  .map((path) => path.replace(/en\.ts$/, ''));

const variables = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]!).sort();

describe('translations', () => {
  it('exist for more than one feature', () => {
    expect(folders.length).toBeGreaterThan(1);
  });

  it.each(folders)('%s has the same keys and variables in Japanese and English', (folder) => {
    const english = leaves(modules[`${folder}en.ts`]!['en']!);
    const japanese = leaves(modules[`${folder}ja.ts`]!['ja']!);
    expect([...japanese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of english) {
      expect(variables(japanese.get(key)!), key).toEqual(variables(text));
      expect(text.trim(), key).not.toBe('');
      expect(japanese.get(key)!.trim(), key).not.toBe('');
    }
  });

  it.each(refusalReasons)('explain the refusal %s in both languages', (reason) => {
    expect(en.refusal[reason].length).toBeGreaterThan(10);
    expect(ja.refusal[reason]).toMatch(/[ぁ-んァ-ン一-龯]/);
  });

  it('never promise anonymity and never put "upload" beside data', () => {
    for (const folder of folders) {
      for (const text of leaves(modules[`${folder}en.ts`]!['en']!).values()) {
        expect(text).not.toMatch(/anonym|upload/i);
      }
      for (const text of leaves(modules[`${folder}ja.ts`]!['ja']!).values()) {
        expect(text).not.toMatch(/匿名|アップロード/);
      }
    }
  });

  it('hold every literal key that a page asks for', () => {
    const known = new Set<string>();
    for (const folder of folders) {
      for (const key of leaves(modules[`${folder}en.ts`]!['en']!).keys()) known.add(key);
    }
    const missing: string[] = [];
    for (const [path, source] of Object.entries(sources)) {
      if (path.includes('.test.')) continue;
      for (const match of source.matchAll(/\bt\(\s*'([\w.-]+)'/g)) {
        const key = match[1]!;
        if (!known.has(key) && !known.has(`${key}_other`)) missing.push(`${path}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

describe('preferredLanguage', () => {
  it('follows the browser until a person chooses', () => {
    expect(preferredLanguage(null, ['fr-FR', 'ja-JP', 'en'])).toBe('ja');
    expect(preferredLanguage('en', ['ja-JP'])).toBe('en');
    expect(preferredLanguage(null, ['fr-FR'])).toBe('en');
  });
});
