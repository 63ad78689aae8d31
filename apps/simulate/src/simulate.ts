import type { TaskSettings } from '@roundtable/protocol';
import { resolveAdapterSpec } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import { encodeExamples } from '@roundtable/training';
import type { Example } from '@roundtable/training';
import { moduleCatalog } from '@roundtable/transformer';
import { callerPath, say } from './command-line/command.ts';
import type { SimulateOptions } from './command-line/simulate-options.ts';
import { runCohort } from './cohort/run-cohort.ts';
import { simulationSettings } from './cohort/simulation-settings.ts';
import { federationData } from './data/federation-data.ts';
import type { FederationData } from './data/federation-data.ts';
import { writeAdapter } from './model/adapter-folder.ts';
import { describeModel, openModel } from './model/open-model.ts';
import type { OpenedModel } from './model/open-model.ts';
import { linearProbeAccuracy } from './report/linear-probe.ts';
import { roundLine, simulationReport } from './report/simulation-report.ts';
import type { SimulationReport } from './report/simulation-report.ts';

function encode(
  { model }: OpenedModel,
  task: TaskSettings,
  data: FederationData,
): { clients: Example[][]; evaluation: Example[] } {
  let skipped = 0;
  const examplesOf = (rows: FederationData['evaluation']): Example[] => {
    const encoded = encodeExamples(model.tokenizer, task, rows);
    skipped += encoded.skipped.length;
    return encoded.examples;
  };
  const clients = data.clients.map(examplesOf);
  const evaluation = examplesOf(data.evaluation);
  if (skipped > 0)
    say(`${skipped} rows left out: they do not fit into ${task.maxTokens} tokens (--max-tokens)`);
  if (evaluation.length === 0) throw new Error('no held-out row can be used');
  const empty = clients.findIndex((examples) => examples.length === 0);
  if (empty >= 0) throw new Error(`client ${empty + 1} has no usable row`);
  return { clients, evaluation };
}

function settingsOf(opened: OpenedModel, options: SimulateOptions, data: FederationData) {
  const { config } = opened.model;
  return simulationSettings({
    options,
    name: data.name,
    labels: data.labels,
    baseModelId: opened.id,
    catalog: moduleCatalog(config),
    maxPositions: config.maxPositions,
    clientSizes: data.clients.map(({ length }) => length),
  });
}

function probe(
  { model }: OpenedModel,
  spec: AdapterSpec,
  { clients, evaluation }: ReturnType<typeof encode>,
  labelCount: number,
): Promise<number> {
  say('linear probe on the base model');
  return linearProbeAccuracy(model, spec, { train: clients.flat(), test: evaluation }, labelCount);
}

/** Runs one simulated federation and says how it went. */
export async function simulate(options: SimulateOptions): Promise<SimulationReport> {
  const data = await federationData(options);
  for (const note of data.notes) say(note);
  const opened = await openModel(options.model);
  try {
    const settings = settingsOf(opened, options, data);
    const examples = encode(opened, settings.task, data);
    const sigma = settings.privacy?.noiseMultiplier;
    say(
      sigma === undefined ? 'without differential privacy' : `noise multiplier ${sigma.toFixed(4)}`,
    );
    const startedAtMs = performance.now();
    const spec = resolveAdapterSpec(settings.adapter, moduleCatalog(opened.model.config));
    const result = await runCohort({
      ...examples,
      model: opened.model,
      baseModel: await describeModel(opened),
      spec,
      settings,
      seed: options.seed,
      onProgress: say,
      onRound: (round) => {
        say(roundLine(round));
      },
    });
    if (options.adapterFolder !== null) {
      const folder = callerPath(options.adapterFolder);
      await writeAdapter(folder, { spec, weights: result.weights }, opened.id);
      say(`adapter written to ${folder}`);
    }
    const linearProbe = options.hasLinearProbe
      ? await probe(opened, spec, examples, data.labels!.length)
      : null;
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const evaluationExamples = examples.evaluation.length;
    const { backend } = opened;
    const measured = { result, linearProbe, evaluationExamples, seconds };
    return simulationReport({ settings, backend, data, ...measured });
  } finally {
    opened.model.dispose();
  }
}
