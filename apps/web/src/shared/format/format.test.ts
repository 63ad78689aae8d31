import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatFor } from './format.ts';

describe('formatBytes', () => {
  it('keeps plain bytes whole', () => {
    expect(formatBytes(999, 'en')).toBe('999 B');
  });
  it('uses decimal units: 13 420 bytes are 13.4 kB', () => {
    expect(formatBytes(13_420, 'en')).toBe('13.4 kB');
  });
  it('does not show 1000 kB for 999 999 bytes', () => {
    expect(formatBytes(999_999, 'en')).toBe('1.0 MB');
  });
});

describe('formatDuration', () => {
  it('shows minutes and seconds', () => {
    expect(formatDuration(125)).toBe('2:05');
  });
  it('shows hours once there are any', () => {
    expect(formatDuration(3_661)).toBe('1:01:01');
  });
  it('never shows a negative time', () => {
    expect(formatDuration(-3)).toBe('0:00');
  });
});

describe('epsilon', () => {
  it('shows small values with three digits, larger with two, and infinity as such', () => {
    const { epsilon } = formatFor('en');
    expect([epsilon(0.1234), epsilon(7.9999), epsilon(Infinity)]).toEqual(['0.123', '8.00', '∞']);
  });
});

describe('small', () => {
  it('shows small probabilities as powers of ten and larger ones as digits', () => {
    const { small } = formatFor('en');
    expect([small(1e-5), small(2.34e-4), small(0.0123), small(0), small(1e-12)]).toEqual([
      '10⁻⁵',
      '2.3 · 10⁻⁴',
      '0.012',
      '0',
      '10⁻¹²',
    ]);
  });
});
