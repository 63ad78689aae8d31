import { describe, expect, it } from 'vitest';

import { bagOfNGramsAccuracy, majorityAccuracy } from './baselines.ts';
import { routingFederation } from './routing-federation.ts';

const train = [
  { text: 'red apple', label: 'fruit' },
  { text: 'green apple', label: 'fruit' },
  { text: 'blue car', label: 'vehicle' },
];

describe('majorityAccuracy', () => {
  it('counts the test rows that carry the most frequent training label: 1 of 4', () => {
    const test = ['fruit', 'vehicle', 'vehicle', 'vehicle'].map((label) => ({ text: 'x', label }));
    expect(majorityAccuracy(train, test)).toBe(0.25);
  });

  it('refuses empty sets', () => {
    expect(() => majorityAccuracy([], train)).toThrow(/empty/u);
  });
});

describe('bagOfNGramsAccuracy', () => {
  it('labels new texts by the n-grams they share with training texts', () => {
    const test = [
      { text: 'two apples', label: 'fruit' },
      { text: 'a fast car', label: 'vehicle' },
    ];
    expect(bagOfNGramsAccuracy(train, test)).toBe(1);
  });

  it('beats the majority on the routing task and stays far from perfect', () => {
    const { clients, test } = routingFederation({ seed: '1', clients: 8, examplesPerClient: 300 });
    const accuracy = bagOfNGramsAccuracy(clients.flat(), test);
    expect(majorityAccuracy(clients.flat(), test)).toBeCloseTo(1 / 12, 9);
    expect(accuracy).toBeGreaterThan(0.4);
    expect(accuracy).toBeLessThan(0.7);
  });
});
