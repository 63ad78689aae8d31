import { describe, expect, it } from 'vitest';

import { inquiriesCsv } from './csv.ts';
import type { Inquiry } from './routing-federation.ts';

const inquiry = (text: string): Inquiry => ({
  text,
  label: 'parts',
  language: 'en',
  templateId: 'parts/en/train/0',
});

describe('inquiriesCsv', () => {
  it('writes a header and one CRLF line per message', () => {
    expect(inquiriesCsv([inquiry('a lid')])).toBe('text,label,language\r\na lid,parts,en\r\n');
  });

  it('quotes fields with commas, quotes and line breaks, and doubles the quotes', () => {
    expect(inquiriesCsv([inquiry('a "lid", please\nnow')])).toContain(
      '"a ""lid"", please\nnow",parts',
    );
  });
});
