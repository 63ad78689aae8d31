import { resolveAdapterSpec } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import { moduleCatalog } from '@roundtable/transformer';
import type { ModelPrivacy } from './attack/model-privacy.ts';
import { studyModelPrivacy } from './attack/study.ts';
import { callerPath, say } from './command-line/command.ts';
import type { SimulateOptions } from './command-line/simulate-options.ts';
import { runCohort } from './cohort/run-cohort.ts';
import { settingsOf } from './cohort/settings-of.ts';
import { encodeData } from './data/encode-data.ts';
import type { EncodedData } from './data/encode-data.ts';
import { federationData } from './data/federation-data.ts';
import { writeAdapter } from './model/adapter-folder.ts';
import { describeModel, openModel } from './model/open-model.ts';
import type { OpenedModel } from './model/open-model.ts';
import { linearProbeAccuracy } from './report/linear-probe.ts';
import { roundLine, simulationReport } from './report/simulation-report.ts';
import type { SimulationReport } from './report/simulation-report.ts';

function probe(
  { model }: OpenedModel,
  spec: AdapterSpec,
  { clients, evaluation }: EncodedData,
  labelCount: number,
): Promise<number> {
  say('linear probe on the base model');
  return linearProbeAccuracy(model, spec, { train: clients.flat(), test: evaluation }, labelCount);
}

/** Runs one simulated federation and says how it went. */
export async function simulate(options: SimulateOptions): Promise<SimulationReport> {
  const data = await federationData(options);
  for (const note of data.notes) say(note);
  const opened = await openModel(options.model, options.backend);
  try {
    const settings = settingsOf(opened, options, data);
    const examples = encodeData(opened.model, settings.task, data);
    const sigma = settings.privacy?.noiseMultiplier;
    say(
      sigma === undefined ? 'without differential privacy' : `noise multiplier ${sigma.toFixed(4)}`,
    );
    const startedAtMs = performance.now();
    const spec = resolveAdapterSpec(settings.adapter, moduleCatalog(opened.model.config));
    const { model } = opened;
    const { seed } = options;
    let modelPrivacy: ModelPrivacy | null = null;
    const result = await runCohort({
      ...examples,
      model,
      baseModel: await describeModel(opened),
      spec,
      settings,
      seed,
      onProgress: say,
      onRound: (round) => {
        say(roundLine(round));
      },
      ...(options.hasAttacks && {
        afterwards: async (played, evaluate) => {
          const curious = { model, spec, settings, examples: examples.clients[0]!, seed };
          modelPrivacy = await studyModelPrivacy(curious, played, evaluate);
        },
      }),
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
    const measured = { result, linearProbe, modelPrivacy, evaluationExamples, seconds };
    return simulationReport({ settings, backend, data, ...measured });
  } finally {
    opened.model.dispose();
  }
}
