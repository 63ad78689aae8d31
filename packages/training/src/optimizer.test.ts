import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adam, sgd } from './optimizer.ts';

describe('sgd', () => {
  it('moves against the gradient by η', () => {
    const weights = Float32Array.of(1, 2);
    sgd().apply(weights, Float32Array.of(4, -2), 0.25);
    expect([...weights]).toEqual([1 - 0.25 * 4, 2 + 0.25 * 2]);
  });
});

describe('adam', () => {
  it('moves by η against the sign at its first step', () => {
    const weights = Float32Array.of(0, 0, 0);
    adam(3).apply(weights, Float32Array.of(4, -0.5, 0), 0.1);
    expect(weights[0]).toBeCloseTo(-0.1, 6);
    expect(weights[1]).toBeCloseTo(0.1, 6);
    expect(weights[2]).toBe(0);
  });

  it('takes the second step of the paper, worked by hand', () => {
    // g = 1 then 2: m̂ = (.9·.1 + .2)/(1 − .81) = 1.526316, v̂ = (.999·.001 + .004)/(1 − .998001) = 2.500750
    const weights = Float32Array.of(0);
    const optimizer = adam(1);
    optimizer.apply(weights, Float32Array.of(1), 0.01);
    optimizer.apply(weights, Float32Array.of(2), 0.01);
    const second = 1.526316 / Math.sqrt(2.50075);
    expect(weights[0]).toBeCloseTo(-0.01 - 0.01 * second, 7);
  });

  it('never moves a coordinate by more than η', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: 1,
          maxLength: 30,
        }),
        (gradients) => {
          const weights = Float32Array.of(0);
          const optimizer = adam(1);
          for (const gradient of gradients) {
            const before = weights[0]!;
            optimizer.apply(weights, Float32Array.of(gradient), 0.5);
            expect(Math.abs(weights[0]! - before)).toBeLessThanOrEqual(0.5 + 1e-6);
          }
        },
      ),
    );
  });
});
