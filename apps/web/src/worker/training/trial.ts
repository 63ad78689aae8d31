import { adapterScaling } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type { TaskSettings } from '@roundtable/protocol';
import { createEvaluator, encodeExamples } from '@roundtable/training';
import { generateGreedy } from '@roundtable/transformer';
import type { BaseModel, TensorAdapters } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { ScoredLabel, TrialState } from '../messages.ts';

const longestAnswerTokens = 64;

type Classification = Extract<TaskSettings, { kind: 'classification' }>;

/** p(label) = e^−loss of the example that claims the label; base and tuned share the cached layers. */
async function labelProbabilities(
  model: BaseModel,
  spec: AdapterSpec,
  task: Classification,
  text: string,
  label: string,
  weights: AdapterWeights,
): Promise<{ base: number; tuned: number }> {
  const { examples } = encodeExamples(model.tokenizer, task, [{ input: text, output: label }]);
  const evaluator = await createEvaluator(model, spec, task, examples);
  try {
    const base = await evaluator.evaluate(null);
    const tuned = await evaluator.evaluate(weights);
    return { base: Math.exp(-base.loss), tuned: Math.exp(-tuned.loss) };
  } finally {
    evaluator.dispose();
  }
}

async function classify(
  model: BaseModel,
  spec: AdapterSpec,
  task: Classification,
  text: string,
  weights: AdapterWeights,
): Promise<{ base: ScoredLabel[]; tuned: ScoredLabel[] }> {
  const base: ScoredLabel[] = [];
  const tuned: ScoredLabel[] = [];
  for (const label of task.labels) {
    const p = await labelProbabilities(model, spec, task, text, label, weights);
    base.push({ label, probability: p.base });
    tuned.push({ label, probability: p.tuned });
  }
  const falling = (a: ScoredLabel, b: ScoredLabel) => b.probability - a.probability;
  return { base: base.sort(falling), tuned: tuned.sort(falling) };
}

/** Row-major rows × columns as its transpose on the device, [columns, rows]. */
function transposed(values: Float32Array, rows: number, columns: number): tf.Tensor2D {
  return tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, columns]), [1, 0]));
}

function upload(spec: AdapterSpec, weights: AdapterWeights): TensorAdapters & { dispose(): void } {
  const { rank, targets } = spec;
  const a = targets.map((t, i) => transposed(weights.loraA[i]!, rank, t.inFeatures));
  const b = targets.map((t, i) => transposed(weights.loraB[i]!, t.outFeatures, rank));
  return {
    scaling: adapterScaling(spec),
    spec,
    a,
    b,
    dispose: () => {
      tf.dispose([...a, ...b]);
    },
  };
}

async function generate(
  model: BaseModel,
  spec: AdapterSpec,
  task: TaskSettings,
  text: string,
  weights: AdapterWeights,
): Promise<{ base: string; tuned: string }> {
  // The answer is only there to make an example of the prompt.
  const { examples } = encodeExamples(model.tokenizer, task, [{ input: text, output: '.' }]);
  const prompt = examples[0]?.promptIds ?? [];
  const { eosId } = model.tokenizer;
  const options = {
    maxNewTokens: longestAnswerTokens,
    stopIds: eosId === null ? [] : [eosId],
  };
  const answer = async (adapters: TensorAdapters | null) => {
    const { newIds } = await generateGreedy(model, prompt, { ...options, adapters });
    return model.tokenizer.decode(newIds.filter((id) => id !== eosId)).trim();
  };
  const adapters = upload(spec, weights);
  try {
    return { base: await answer(null), tuned: await answer(adapters) };
  } finally {
    adapters.dispose();
  }
}

/** A text read by the base model and by the shared one. */
export async function runTrial(options: {
  model: BaseModel;
  spec: AdapterSpec;
  task: TaskSettings;
  weights: AdapterWeights;
  adapterRound: number;
  text: string;
}): Promise<TrialState> {
  const { model, spec, task, weights, adapterRound, text } = options;
  if (task.kind === 'classification') {
    const sides = await classify(model, spec, task, text, weights);
    return { kind: 'classified', text, ...sides, adapterRound };
  }
  const sides = await generate(model, spec, task, text, weights);
  return { kind: 'generated', text, ...sides, adapterRound };
}
