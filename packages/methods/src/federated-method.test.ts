import type { ZerothOrderSettings } from '@roundtable/protocol';
import { describe } from 'vitest';
import { describeMethod, exampleTerms } from './testing/index.ts';

describe.each(['example', 'client', null] as const)('privacy unit %s', (privacyUnit) => {
  const termsOf =
    (...[choice]: Parameters<typeof exampleTerms>) =>
    () =>
      exampleTerms(choice, { privacyUnit });
  describeMethod('ffa-lora', termsOf({ name: 'ffa-lora' }));
  describeMethod('lora', termsOf({ name: 'lora' }), { average: 'with-cross-terms' });
  describeMethod('zeroth-order', termsOf({ name: 'zeroth-order', zerothOrder: { directions: 4 } }));
});

for (const period of [1, 3]) {
  describeMethod(`fedsvd, period ${period}`, () => exampleTerms({ name: 'fedsvd', period }));
}

for (const codebookBits of [1, 2, 3, 4] as const) {
  describeMethod(`fedlpp, ${codebookBits} bits`, () =>
    exampleTerms({ name: 'fedlpp', codebookBits }),
  );
}

for (const [baseMethod, average] of [
  ['lora', 'with-cross-terms'],
  ['fedsvd', 'exact'],
] as const) {
  describeMethod(
    `fedlpp over ${baseMethod}`,
    () => exampleTerms({ name: 'fedlpp', baseMethod, codebookBits: 2 }),
    { average },
  );
}

const variants: Record<string, Partial<ZerothOrderSettings>> = {
  laplace: { noise: 'laplace' },
  'gaussian directions': { distribution: 'gaussian' },
  stages: { stages: { firstStageRounds: 1, proximal: 0.05 } },
  'mask of the lowest': { mask: { share: 0.3, end: 'lowest', mode: 'rank' } },
  'mask of the highest': { mask: { share: 0.1, end: 'highest', mode: 'normal' } },
  'one tensor of B': { weights: ['layers.0.down_proj.lora_B'] },
  'A of one target and B of the other': {
    weights: ['layers.0.o_proj.lora_A', 'layers.0.down_proj.lora_B'],
  },
};

for (const [name, zerothOrder] of Object.entries(variants)) {
  describeMethod(`zeroth-order with ${name}`, () =>
    exampleTerms({ name: 'zeroth-order', zerothOrder: { directions: 4, ...zerothOrder } }),
  );
}

describeMethod(
  'zeroth-order over both factors of a target, in stages and masked',
  () =>
    exampleTerms({
      name: 'zeroth-order',
      zerothOrder: {
        directions: 2,
        weights: ['layers.0.o_proj.lora_A', 'layers.0.o_proj.lora_B'],
        stages: { firstStageRounds: 2, proximal: 0.01 },
        mask: { share: 0.9, end: 'highest', mode: 'rank' },
      },
    }),
  { average: 'with-cross-terms' },
);
