import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from './decode.ts';
import { DatasetError } from './error.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, bigEndian: boolean) => {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i += 1) view.setUint16(2 * i, text.charCodeAt(i), !bigEndian);
  return bytes;
};
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const hex = (digits: string) => Uint8Array.from(digits.match(/../g)!, (pair) => parseInt(pair, 16));
const hasControls = (text: string) => text.split('').some((unit) => unit < ' ');
const join8 = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));

describe('decodeText', () => {
  it('reads UTF-8 with and without a mark', () => {
    expect(decodeText(utf8('né,日本'))).toEqual({
      text: 'né,日本',
      encoding: 'utf-8',
      hadBom: false,
      replacedCharacters: 0,
    });
    const marked = join8(hex('efbbbf'), utf8('né'));
    expect(decodeText(marked)).toEqual({
      text: 'né',
      encoding: 'utf-8',
      hadBom: true,
      replacedCharacters: 0,
    });
  });

  it.each([
    ['utf-16le', false, 'fffe'],
    ['utf-16be', true, 'feff'],
  ] as const)('reads %s by its mark and by its zero bytes', (encoding, bigEndian, mark) => {
    const text = 'text,label\n返品したい,返品\n';
    const bytes = utf16(text, bigEndian);
    expect(decodeText(bytes)).toEqual({ text, encoding, hadBom: false, replacedCharacters: 0 });
    expect(decodeText(join8(hex(mark), bytes))).toEqual({
      text,
      encoding,
      hadBom: true,
      replacedCharacters: 0,
    });
  });

  it('reads Shift_JIS: 日本語のテキスト is 93fa967b8cea82cc8365834c83588367', () => {
    const bytes = join8(
      utf8('text,label\r\n'),
      hex('93fa967b8cea82cc8365834c83588367'),
      utf8(',a\r\n'),
    );
    expect(decodeText(bytes)).toMatchObject({
      text: 'text,label\r\n日本語のテキスト,a\r\n',
      encoding: 'shift_jis',
    });
  });

  it('reads Shift_JIS that holds kanji only: 返品 is 95d49569', () => {
    expect(decodeText(join8(utf8('a,b\n1,'), hex('95d49569'))).text).toBe('a,b\n1,返品');
  });

  it('reads EUC-JP: 日本語のテキスト is c6fccbdcb8eca4cea5c6a5ada5b9a5c8', () => {
    expect(decodeText(hex('c6fccbdcb8eca4cea5c6a5ada5b9a5c8'))).toMatchObject({
      text: '日本語のテキスト',
      encoding: 'euc-jp',
    });
  });

  it.each([
    'text,label\nJe voudrais annuler la réservation à Orléans,été\n',
    'Größe und Fußweg, Übermut, ÄÖÜ\n',
    'El niño comió piña. ¿Cuánto cuesta? £5 ±2°\n',
    'élan, éclair, École, çà et là\n',
  ])('reads Latin-1, although some of it would decode as Shift_JIS: %s', (text) => {
    expect(decodeText(latin1(text))).toEqual({
      text,
      encoding: 'latin1',
      hadBom: false,
      replacedCharacters: 0,
    });
  });

  it('reads the typographic quotes of windows-1252 as Latin-1: 93 and 94, 92 before a letter', () => {
    const bytes = join8(
      utf8('He said '),
      hex('93'),
      utf8('don'),
      hex('92'),
      utf8('t'),
      hex('94'),
      utf8('.\n'),
    );
    expect(decodeText(bytes)).toMatchObject({ text: 'He said “don’t”.\n', encoding: 'latin1' });
  });

  it('takes the given encoding and says when the bytes are not valid in it', () => {
    expect(decodeText(latin1('caf\u00e9'), 'latin1').text).toBe('café');
    expect(() => decodeText(latin1('caf\u00e9'), 'utf-8')).toThrow('the file is not valid utf-8');
    expect(() => decodeText(Uint8Array.of(0x61), 'utf-16le')).toThrow('not valid utf-16le');
  });

  it.each([
    ['an Excel file', hex('504b030414000600'), /an Excel or zip file: save it as CSV first/],
    ['a PDF file', utf8('%PDF-1.7'), /a PDF file/],
    ['an image', hex('89504e470d0a1a0a0000000d49484452'), /is not text/],
    ['zero bytes in places odd and even', utf8('ab\0c\0de'), /is not text/],
    ['control characters', utf8('\u0001\u0002\u0003abc'), /control characters/],
  ])('refuses %s in words', (_, bytes, reason) => {
    expect(() => decodeText(bytes)).toThrow(reason);
    expect(() => decodeText(bytes)).toThrow(DatasetError);
  });

  it('tolerates one broken character in fifty beyond ASCII and counts it', () => {
    const cut = join8(utf8('日本語の文です。'.repeat(10)), hex('e697')); // 80 characters, then two bytes of 日
    expect(decodeText(cut)).toMatchObject({ encoding: 'utf-8', replacedCharacters: 1 });
    const worse = join8(utf8('日本語'), hex('e697')); // one of four
    expect(() => decodeText(worse, 'utf-8')).toThrow('not valid utf-8');
  });

  it('gives back any UTF-8 text that has no control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!hasControls(text) && !/^(\ufeff|PK|%PDF)/.test(text));
        expect(decodeText(utf8(text)).text).toBe(text);
      }),
    );
  });

  it('throws nothing but DatasetError on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          return typeof decodeText(bytes).text === 'string';
        } catch (error) {
          return error instanceof DatasetError;
        }
      }),
    );
  });
});

const data =
  process.env['REFERENCE_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');
const snips = join(data, 'datasets/snips/train_AddToPlaylist.json');
const jglue = join(data, 'datasets/jglue/jcommonsenseqa-train.json');

describe.skipIf(!existsSync(snips))('real texts (need REFERENCE_DATA_DIR)', () => {
  it('are found to be Latin-1 when SNIPS is written in it', () => {
    const text = readFileSync(snips, 'utf8').replace(/[\u0080-\u009f\u0100-\uffff]/g, '?');
    expect(/[\u00a0-\u00ff]/.test(text)).toBe(true);
    expect(decodeText(latin1(text))).toEqual({
      text,
      encoding: 'latin1',
      hadBom: false,
      replacedCharacters: 0,
    });
  });

  it('are found to be Japanese UTF-8 and UTF-16', () => {
    const text = readFileSync(jglue, 'utf8').slice(0, 50_000);
    expect(decodeText(utf8(text)).encoding).toBe('utf-8');
    expect(decodeText(utf16(text, false))).toMatchObject({ text, encoding: 'utf-16le' });
    expect(decodeText(utf16(text, true))).toMatchObject({ text, encoding: 'utf-16be' });
  });
});
