import { describe, expect, it } from 'vitest';
import type { RoundRecord } from '@roundtable/protocol';
import { csvField, roundsToCsv } from './metrics-csv.ts';

const round: RoundRecord = {
  round: 1,
  state: 'completed',
  startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  endedAtMs: Date.UTC(2026, 0, 2, 3, 4, 6, 500),
  selected: 3,
  accepted: 2,
  rejected: 3,
  rejections: { 'not-finite': 1, 'wrong-shape': 2 },
  bytesUp: 100,
  bytesDown: 200,
  evalLoss: 1 / 3,
  evalAccuracy: null,
  epsilon: 0.5,
  updateNorm: 1e-7,
  adapter: { sha256: 'a'.repeat(64), sizeBytes: 1, encoding: 'fp16', round: 1 },
  abandonedBecause: null,
};

describe('roundsToCsv', () => {
  it('writes one line per round in full precision and leaves absent values empty', () => {
    const [header, line, end] = roundsToCsv([round]).split('\r\n');
    const cells = Object.fromEntries(
      header!.split(',').map((name, i) => [name, line!.split(',')[i]]),
    );
    expect(end).toBe('');
    expect(cells).toMatchObject({
      round: '1',
      started_at: '2026-01-02T03:04:05.000Z',
      seconds: '1.5',
      rejections: 'not-finite=1 wrong-shape=2',
      eval_accuracy: '',
      adapter_sha256: 'a'.repeat(64),
      abandoned_because: '',
    });
    expect(Number(cells['eval_loss'])).toBe(1 / 3);
    expect(Number(cells['update_norm'])).toBe(1e-7);
  });
});

describe('csvField', () => {
  it('quotes what would break a line', () => {
    expect(csvField('a,b')).toBe('"a,b"');
    expect(csvField('say "x"')).toBe('"say ""x"""');
    expect(csvField('a\r\nb')).toBe('"a\r\nb"');
    expect(csvField('plain')).toBe('plain');
  });
});
