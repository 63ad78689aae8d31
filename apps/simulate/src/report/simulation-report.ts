import { bagOfNGramsAccuracy, majorityAccuracy } from '@roundtable/inquiries';
import type { ModelPrivacy } from '../attack/model-privacy.ts';
import { modelPrivacyLines } from '../attack/report.ts';
import { methodChoiceOf, type FederationSettings } from '@roundtable/protocol';
import type { CompletedRound } from '../cohort/round-counts.ts';
import type { CohortResult } from '../cohort/run-cohort.ts';
import type { FederationData } from '../data/federation-data.ts';

/** The result of `simulate --json`. Accuracies are fractions, losses nats. */
export interface SimulationReport {
  readonly federation: string;
  readonly method: string;
  readonly baseModel: string;
  readonly backend: string;
  readonly clients: number;
  readonly rounds: readonly CompletedRound[];
  /** Accuracy of the base model on the held-out rows. */
  readonly evalBefore: number;
  /** Accuracy with the last adapter. */
  readonly evalAfter: number;
  readonly evalLossBefore: number;
  readonly evalLossAfter: number;
  /** Largest ε over the clients at the end; null without differential privacy. */
  readonly epsilon: number | null;
  readonly delta: number | null;
  /** Bytes of one client's update frame in a round. */
  readonly bytesUpPerUpdate: number;
  /** Bytes of the adapter file that a client fetches in a round. */
  readonly bytesDownPerClient: number;
  /** Held-out accuracy of always answering the most frequent training label; null for generation. */
  readonly majorityAccuracy: number | null;
  /** Held-out accuracy of naive Bayes over character n-grams on all training rows in one place. */
  readonly bagOfNGramsAccuracy: number | null;
  /** Held-out accuracy of a linear probe on the base model; null where it was not asked for. */
  readonly linearProbeAccuracy: number | null;
  /** What FedLPP kept from its clients; null for other methods and with --no-attacks. */
  readonly modelPrivacy: ModelPrivacy | null;
  /** Rows of each label, training and held-out together; null for generation. */
  readonly labelCounts: Readonly<Record<string, number>> | null;
  readonly evaluationExamples: number;
  readonly examplesPerClient: readonly number[];
  readonly seconds: number;
  readonly settings: FederationSettings;
}

export interface ReportInput {
  readonly settings: FederationSettings;
  readonly backend: string;
  readonly data: FederationData;
  readonly result: CohortResult;
  readonly linearProbe: number | null;
  readonly modelPrivacy: ModelPrivacy | null;
  readonly evaluationExamples: number;
  readonly seconds: number;
}

function labelCounts({ labels, clients, evaluation }: FederationData): Record<string, number> {
  const counts = Object.fromEntries((labels ?? []).map((label) => [label, 0]));
  for (const { output } of [...clients.flat(), ...evaluation]) {
    counts[output] = (counts[output] ?? 0) + 1;
  }
  return counts;
}

function baselines(data: FederationData) {
  if (data.labels === null) {
    return { majorityAccuracy: null, bagOfNGramsAccuracy: null, labelCounts: null };
  }
  const labelled = ({ input, output }: { input: string; output: string }) => ({
    text: input,
    label: output,
  });
  const train = data.clients.flat().map(labelled);
  const test = data.evaluation.map(labelled);
  return {
    majorityAccuracy: majorityAccuracy(train, test),
    bagOfNGramsAccuracy: bagOfNGramsAccuracy(train, test),
    labelCounts: labelCounts(data),
  };
}

/** Everything a run measured, beside the baselines that need no model. */
export function simulationReport(input: ReportInput): SimulationReport {
  const { settings, backend, data, result, evaluationExamples, seconds } = input;
  const { rounds, before, after } = result;
  const last = rounds.at(-1)!;
  return {
    federation: settings.name,
    method: methodChoiceOf(settings),
    baseModel: settings.baseModelId,
    backend,
    clients: result.examplesUsed.length,
    rounds,
    evalBefore: before.accuracy,
    evalAfter: after.accuracy,
    evalLossBefore: before.loss,
    evalLossAfter: after.loss,
    epsilon: last.epsilon,
    delta: settings.privacy?.delta ?? null,
    bytesUpPerUpdate: Math.round(last.bytesUp / Math.max(1, last.accepted + last.rejected)),
    bytesDownPerClient: Math.round(last.bytesDown / result.examplesUsed.length),
    ...baselines(data),
    linearProbeAccuracy: input.linearProbe,
    modelPrivacy: input.modelPrivacy,
    evaluationExamples,
    examplesPerClient: result.examplesUsed,
    seconds: Number(seconds.toFixed(1)),
    settings,
  };
}

const percent = (fraction: number | null): string =>
  fraction === null ? '–' : `${(100 * fraction).toFixed(1)} %`;

/** One line per finished round, for people. */
export function roundLine(round: CompletedRound): string {
  const epsilon = round.epsilon === null ? '' : `, ε ${round.epsilon.toFixed(3)}`;
  return `round ${round.round}: loss ${round.evalLoss.toFixed(4)}, accuracy ${percent(round.evalAccuracy)}${epsilon}, ${round.seconds.toFixed(1)} s`;
}

/** The report in words. */
export function reportText(report: SimulationReport): string {
  const { epsilon, delta, labelCounts: counts } = report;
  const privacy =
    epsilon === null ? 'none' : `ε = ${epsilon.toFixed(3)} at δ = ${String(delta)} for each client`;
  const lines = [
    `federation            ${report.federation}: ${report.clients} clients, ${report.rounds.length} rounds, ${report.method}`,
    `base model            ${report.baseModel} on ${report.backend}`,
    `held-out accuracy     ${percent(report.evalBefore)} before, ${percent(report.evalAfter)} after (${report.evaluationExamples} examples)`,
    `held-out loss         ${report.evalLossBefore.toFixed(4)} before, ${report.evalLossAfter.toFixed(4)} after`,
    `majority class        ${percent(report.majorityAccuracy)}`,
    `central n-grams       ${percent(report.bagOfNGramsAccuracy)}`,
    `linear probe          ${percent(report.linearProbeAccuracy)}`,
    `differential privacy  ${privacy}`,
    `bytes a round         ${report.bytesUpPerUpdate} up, ${report.bytesDownPerClient} down for each client`,
  ];
  if (report.modelPrivacy !== null) lines.push(...modelPrivacyLines(report.modelPrivacy));
  if (counts !== null) {
    const rows = Object.entries(counts).map(([label, count]) => `${label} ${count}`);
    lines.push(`rows of each label    ${rows.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}
