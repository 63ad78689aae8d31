import type { WorkerCommand } from '../messages.ts';
import type { DataDesk } from './data-desk.ts';

export type DataCommand = Extract<
  WorkerCommand,
  {
    kind:
      | 'read-files'
      | 'use-sample'
      | 'choose-columns'
      | 'map-label'
      | 'redact-row'
      | 'show-rows'
      | 'keep-data'
      | 'discard-table'
      | 'delete-data';
  }
>;

/** Carries out a command about the person's examples. */
export function handleDataCommand(
  data: DataDesk,
  command: DataCommand,
  federationId: string,
): Promise<void> | undefined {
  switch (command.kind) {
    case 'read-files':
      return data.readFiles(command.files, command.encoding);
    case 'use-sample':
      data.useSample(federationId + crypto.randomUUID());
      return undefined;
    case 'choose-columns':
      data.chooseColumns(command.input, command.output);
      return undefined;
    case 'map-label':
      data.mapLabel(command.label, command.to);
      return undefined;
    case 'redact-row':
      data.redact(command.row, command.isRedacted);
      return undefined;
    case 'show-rows':
      data.showRows(command.offset, command.count);
      return undefined;
    case 'keep-data':
      return data.keep();
    case 'discard-table':
      return data.discardTable();
    case 'delete-data':
      return data.deleteData();
  }
}
