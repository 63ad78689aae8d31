import type { TextEncoding } from '@roundtable/dataset';
import { UsageError } from './command.ts';

const names: Readonly<Record<string, TextEncoding | 'auto'>> = {
  auto: 'auto',
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  shift_jis: 'shift_jis',
  'shift-jis': 'shift_jis',
  sjis: 'shift_jis',
  cp932: 'shift_jis',
  'euc-jp': 'euc-jp',
  latin1: 'latin1',
  'latin-1': 'latin1',
  'iso-8859-1': 'latin1',
  'windows-1252': 'latin1',
};

/** The encoding that a person means, in any usual spelling. */
export function readEncoding(text = 'auto'): TextEncoding | 'auto' {
  const encoding = names[text.toLowerCase()];
  if (encoding !== undefined) return encoding;
  throw new UsageError(`--encoding must be one of ${Object.keys(names).join(', ')}, got "${text}"`);
}
