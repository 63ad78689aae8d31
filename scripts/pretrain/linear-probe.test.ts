import { gaussian, seededRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';

import { fitLinearProbe } from './linear-probe.ts';

describe('fitLinearProbe', () => {
  it('separates three far clusters that it has not seen, whatever their scale and place', () => {
    const random = seededRandom('clusters');
    const draw = (label: number) =>
      Float32Array.from(
        { length: 6 },
        (_, k) => 50 + 9 * (gaussian(random) + (k === label ? 6 : 0)),
      );
    const labels = Array.from({ length: 90 }, (_, index) => index % 3);
    const probe = fitLinearProbe(labels.map(draw), labels, 3);
    const predictions = probe.predict(labels.map(draw));
    const hits = predictions.filter((prediction, index) => prediction === labels[index]).length;
    expect(hits).toBeGreaterThanOrEqual(88);
  });

  it('answers the more frequent class where features say nothing', () => {
    const rows = Array.from({ length: 10 }, () => new Float32Array(4));
    const labels = [0, 1, 1, 1, 1, 1, 1, 1, 0, 0];
    expect(fitLinearProbe(rows, labels, 2).predict(rows.slice(0, 1))).toEqual([1]);
  });

  it('refuses rows without labels', () => {
    expect(() => fitLinearProbe([new Float32Array(2)], [], 2)).toThrow(/1 rows/u);
  });
});
