import { describe, expect, it } from 'vitest';
import { federationRecord, roundRecord } from '../../testing/federation.ts';
import { align, seriesOf } from './series.ts';
import { smooth } from './smooth.ts';

const rounds = [
  roundRecord({ round: 1, evalAccuracy: 0.2 }),
  roundRecord({ round: 2, state: 'abandoned', evalAccuracy: null, bytesUp: 100, bytesDown: 0 }),
  roundRecord({ round: 3, evalAccuracy: 0.4 }),
];

describe('seriesOf', () => {
  it('starts at the base model and leaves out rounds that made no adapter', () => {
    const series = seriesOf(federationRecord({ rounds }), 'accuracy');
    expect(series).toEqual({ x: [0, 1, 3], y: [0.1, 0.2, 0.4] });
  });

  it('counts the bytes of abandoned rounds too', () => {
    // 500 + 250, then 100 + 0, then 500 + 250 more.
    expect(seriesOf(federationRecord({ rounds }), 'bytes').y).toEqual([0, 750, 850, 1_600]);
  });
});

describe('align', () => {
  it('puts series on one axis with gaps where one has no value', () => {
    const aligned = align([
      { x: [0, 1], y: [10, 11] },
      { x: [0, 2], y: [20, 22] },
    ]);
    expect(aligned.x).toEqual([0, 1, 2]);
    expect(aligned.ys).toEqual([
      [10, 11, null],
      [20, null, 22],
    ]);
  });
});

describe('smooth', () => {
  it('gives back the values themselves without weight', () => {
    expect(smooth([1, null, 3], 0)).toEqual([1, null, 3]);
  });

  it('keeps a constant constant from the first value on', () => {
    for (const value of smooth([5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 12);
  });

  it('weights the past by half: (0.25·1 + 0.5·3) / 0.75 = 7/3', () => {
    expect(smooth([1, 3], 0.5)[1]).toBeCloseTo(7 / 3, 12);
  });
});
