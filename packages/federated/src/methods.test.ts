import { exampleTerms, describeMethod } from '@roundtable/methods/testing';
import { uploadFormat } from '@roundtable/methods';
import type { MethodChoice } from '@roundtable/protocol';
import { describe } from 'vitest';
import { meanAggregator } from './aggregator.ts';
import { updateNormBound } from './norm-bound.ts';

// The same suite as in packages/methods, here with the sums that the hub takes.
const choices: MethodChoice[] = [
  { name: 'ffa-lora' },
  { name: 'fedsvd' },
  { name: 'zeroth-order', zerothOrder: { directions: 4 } },
  { name: 'zeroth-order', zerothOrder: { directions: 4, noise: 'laplace' } },
];
describe.each(['example', 'client', null] as const)('privacy unit %s', (privacyUnit) => {
  for (const choice of choices) {
    const noise = choice.zerothOrder?.noise ?? 'gaussian';
    if (noise === 'laplace' && privacyUnit !== 'example') continue;
    const makeTerms = () => exampleTerms(choice, { privacyUnit });
    describeMethod(`${choice.name}, ${noise} noise`, makeTerms, {
      average: 'exact',
      meanOf: (updates) => {
        const { settings, spec } = makeTerms();
        const { length } = uploadFormat(settings, spec);
        const maxAbs = updateNormBound(settings, length);
        const aggregator = meanAggregator(length, { maxAbs, maxTotalWeight: updates.length });
        for (const update of updates) aggregator.add(update, 1);
        return aggregator.result();
      },
    });
  }
});
