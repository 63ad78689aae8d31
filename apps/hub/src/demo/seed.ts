import { routingSettings } from '@roundtable/federated';
import { ROUTING_TEMPLATE, routingFederation } from '@roundtable/inquiries';
import type { FederationSettings } from '@roundtable/protocol';
import type { DemoOptions } from './demo-options.ts';

/** The embedded base model, on which the demonstration runs. */
const DEMO_BASE_MODEL = 'roundtable-base';
const DELTA = 1e-5;

/** Settings and evaluation set of the seeded routing federation; no template of the test split is trained on. */
export function demoFederation(options: DemoOptions): {
  settings: FederationSettings;
  evaluation: { input: string; output: string }[];
} {
  const { labels, test } = routingFederation({
    seed: options.seed,
    clients: 1,
    examplesPerClient: 1,
    validationSize: 0,
  });
  const { method } = options;
  const settings = routingSettings({
    ...(method !== undefined && { method: { name: method } }),
    rounds: options.rounds,
    epsilon: options.epsilon,
    delta: DELTA,
    clients: options.clients,
    baseModelId: DEMO_BASE_MODEL,
    labels,
    template: ROUTING_TEMPLATE,
  });
  return { settings, evaluation: test.map(({ text, label }) => ({ input: text, output: label })) };
}
