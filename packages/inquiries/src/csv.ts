import type { Inquiry } from './routing-federation.ts';

/** The messages as CSV (RFC 4180, CRLF) with the columns text, label and language. */
export function inquiriesCsv(inquiries: readonly Inquiry[]): string {
  const rows = inquiries.map(({ text, label, language }) => [text, label, language]);
  return [['text', 'label', 'language'], ...rows]
    .map((row) => `${row.map(quoteField).join(',')}\r\n`)
    .join('');
}

function quoteField(field: string): string {
  return /[",\r\n]/u.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
