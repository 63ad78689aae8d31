import { describe, expect, it } from 'vitest';
import { federatedMethod } from '../federated-method.ts';
import { exampleSpec, exampleTerms } from '../testing/index.ts';

describe('the zeroth order', () => {
  it('refuses more directions than a device could hold at once, before anything is expanded', () => {
    const [target] = exampleSpec.targets;
    const of = (directions: number) => () =>
      federatedMethod(
        exampleTerms(
          { name: 'zeroth-order', zerothOrder: { directions } },
          // B has 2^18 · 4 = 2^20 numbers, of which 2^28 / 2^20 = 256 directions fit.
          { spec: { ...exampleSpec, targets: [{ ...target!, outFeatures: 2 ** 18 }] } },
        ),
      );
    expect(of(256)().uploadLength()).toBe(3 * 256);
    expect(of(257)).toThrow(
      'zerothOrder.directions must be ≤ 256 for 1048576 trained numbers, got 257',
    );
  });

  it('refuses a mask over more numbers than the hub can rank for each round', () => {
    const [target] = exampleSpec.targets;
    const mask = { share: 0.5, end: 'lowest', mode: 'normal' } as const;
    // B has 4 numbers for each output.
    const of = (outFeatures: number) => () =>
      federatedMethod(
        exampleTerms(
          { name: 'zeroth-order', zerothOrder: { directions: 16, mask } },
          { spec: { ...exampleSpec, targets: [{ ...target!, outFeatures }] } },
        ),
      );
    expect(of(2 ** 20)().uploadLength()).toBe(3 * 16);
    expect(of(2 ** 20 + 1)).toThrow(
      'zerothOrder.mask must rank at most 4194304 trained numbers, got 4194308',
    );
  });
});
