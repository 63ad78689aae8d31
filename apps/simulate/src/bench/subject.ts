import {
  adapterPresets,
  adapterVariant,
  initialWeights,
  parameterCount,
  resolveAdapterSpec,
  type AdapterSpec,
  type AdapterWeights,
} from '@roundtable/lora';
import {
  localGaussianMechanism,
  unprotectedRelease,
  type ReleaseMechanism,
} from '@roundtable/privacy';
import { secureRandom, seededRandom, uniform, uniformInt } from '@roundtable/random';
import {
  createLocalTrainer,
  type Example,
  type LocalTrainer,
  type Task,
} from '@roundtable/training';
import {
  loadBaseModel,
  memorySource,
  moduleCatalog,
  type BaseModel,
} from '@roundtable/transformer';
import { tinyModelFiles } from '@roundtable/transformer/testing';

/** Sizes that platform.md's table of runtimes uses: 1.0 GFLOP forward at batch 8. */
const sizes = { dModel: 128, layers: 4, heads: 4, tokens: 64, vocabulary: 512, batch: 8 };

/** A random model with random sequences and an adapter whose B is not zero. */
export interface Subject {
  readonly model: BaseModel;
  readonly spec: AdapterSpec;
  readonly weights: AdapterWeights;
  readonly examples: Example[];
  readonly task: Task;
}

const generation: Task = { kind: 'generation', template: '{prompt}{response}', maxTokens: 65 };
const classification: Task = {
  kind: 'classification',
  template: '{text}>{label}',
  labels: ['alpha', 'beta', 'gamma', 'delta'],
  maxTokens: sizes.tokens,
};

function sequences(count: number): number[][] {
  const random = seededRandom('bench/sequences');
  return Array.from({ length: count }, () =>
    Array.from({ length: sizes.tokens + 1 }, () => uniformInt(random, sizes.vocabulary)),
  );
}

/** The language-model loss on all tokens, with the papers' or the fast preset; or labels at the last token. */
export async function subject(
  preset: 'papers' | 'fast',
  kind: Task['kind'],
  batch = sizes.batch,
): Promise<Subject> {
  const { dModel, layers, heads, vocabulary } = sizes;
  const config = { vocab_size: vocabulary, intermediate_size: 344 };
  const files = tinyModelFiles({ dModel, layers, heads, kvHeads: heads, config });
  const model = await loadBaseModel(memorySource(files));
  const catalog = moduleCatalog(model.config);
  const spec = resolveAdapterSpec(adapterPresets(catalog, 'bench')[preset], catalog);
  const weights = initialWeights(spec);
  const random = seededRandom('bench/b');
  for (const b of weights.loraB) b.forEach((_, i) => (b[i] = 0.04 * uniform(random) - 0.02));
  const examples = sequences(batch).map((ids, i): Example =>
    kind === 'generation'
      ? { promptIds: ids.slice(0, 1), targetIds: ids.slice(1), label: null }
      : { promptIds: ids.slice(0, sizes.tokens), targetIds: null, label: i % 4 },
  );
  return {
    model,
    spec,
    weights,
    examples,
    task: kind === 'generation' ? generation : classification,
  };
}

const variant = adapterVariant('ffa-lora');
export const clippingNorm = 0.5;
export const learningRate = 0.01;

/** The product's noise for full batches of a subject. */
export function releaseOf({ spec, examples }: Subject): ReleaseMechanism {
  return localGaussianMechanism({
    clippingNorm,
    noiseMultiplier: 1,
    samplingRate: 1,
    length: parameterCount(spec, variant.trainedParts),
    exampleCap: examples.length,
    random: secureRandom(),
  });
}

/** The product's trainer on a subject, full batch, SGD. */
export function trainerOf(subject: Subject, isPrivate: boolean): LocalTrainer {
  const { model, spec, weights, examples, task } = subject;
  return createLocalTrainer(model, spec, weights, examples, {
    task,
    variant,
    training: {
      optimizer: 'sgd',
      samplingRate: 1,
      batchDivisor: examples.length,
      maxExamplesPerStep: examples.length,
    },
    privacyUnit: 'example',
    clippingNorm: isPrivate ? clippingNorm : null,
    release: isPrivate ? releaseOf(subject) : unprotectedRelease(),
    learningRate,
    random: secureRandom(),
  });
}
