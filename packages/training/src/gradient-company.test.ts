import { beforeAll, describe, expect, it } from 'vitest';
import { uploadFactors, disposeFactors } from './adapter-tensors.ts';
import type { GradientTarget } from './device-gradients.ts';
import { prepareExamples } from './example-batches.ts';
import { exampleGradients } from './example-gradients.ts';
import { exampleLosses } from './example-losses.ts';
import {
  relativeDistance,
  separableRows,
  tinyTask,
  tinyTraining,
  useBackend,
} from './testing/index.ts';

// What privacy's slack on the clip sets aside per example.
const COMPANY_SLACK = 2 ** -18;
const observed = [3, 7, 11, 20];
const companies = [
  [1],
  [1, 2, 4],
  [1, 2, 4, 5, 6, 8, 9],
  Array.from({ length: 29 }, (_, i) => (i < 3 ? i : i + 10)).filter((i) => !observed.includes(i)),
];

/** The observed examples' gradients, each by itself, computed together with others. */
async function gradientsIn(target: GradientTarget, company: number[]): Promise<Float32Array[]> {
  const indices = [...company, ...observed];
  const gradients = await exampleGradients(target, indices, 256);
  const own: Float32Array[] = [];
  for (let i = company.length; i < indices.length; i += 1) {
    const factors = new Float32Array(gradients.norms.length);
    factors[i] = 1;
    own.push(await gradients.weightedSum(factors));
  }
  gradients.dispose();
  return own;
}

describe.each(['cpu', 'wasm'] as const)('gradients on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    { name: 'fast preset', modules: ['o_proj', 'down_proj'], layers: [-1], most: 0 },
    {
      name: "papers' preset",
      modules: ['q_proj', 'v_proj'],
      layers: 'all' as const,
      most: COMPANY_SLACK,
    },
  ])('change with their company by no more than the slack: $name', async (choice) => {
    const rows = separableRows(40, 'company');
    const config = { intermediate_size: 344 };
    const sizes = { dModel: 128, layers: 2, heads: 4, kvHeads: 4, config };
    const tiny = await tinyTraining({ ...choice, rows, model: sizes });
    const batches = await prepareExamples(tiny.model, tiny.spec, tiny.examples);
    const losses = exampleLosses(tiny.model, tinyTask, batches);
    const factors = uploadFactors(tiny.spec, tiny.weights);
    const isOneRow = batches.rowsPerExample === 1;
    const target = { spec: tiny.spec, factors, trainsA: false, losses, isOneRow };
    const alone = await gradientsIn(target, []);
    for (const company of companies) {
      (await gradientsIn(target, company)).forEach((gradient, i) => {
        expect(relativeDistance(gradient, alone[i]!)).toBeLessThanOrEqual(choice.most);
      });
    }
    disposeFactors(factors);
    losses.dispose();
    batches.dispose();
    tiny.model.dispose();
  });
});
