import type { FederationSettings } from '@roundtable/protocol';
import { moduleCatalog } from '@roundtable/transformer';
import type { SimulateOptions } from '../command-line/simulate-options.ts';
import type { FederationData } from '../data/federation-data.ts';
import type { OpenedModel } from '../model/open-model.ts';
import { simulationSettings } from './simulation-settings.ts';

/** The settings of a simulated federation on these data. */
export function settingsOf(
  opened: OpenedModel,
  options: SimulateOptions,
  data: FederationData,
): FederationSettings {
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
