import { guessColumns } from '@roundtable/dataset';
import { mostRepeated } from '@roundtable/privacy';
import type { TaskSettings } from '@roundtable/protocol';
import type { DataState, DataSummary, FileReport, GroupFigure, WorkerEvent } from '../messages.ts';
import type { KeptData, RoundtableDatabase } from '../storage/database.ts';
import { readFiles } from './read-files.ts';
import { sampleTable } from './sample-table.ts';
import { TableSession } from './table-session.ts';

interface OpenTable {
  session: TableSession;
  files: FileReport[];
  isSample: boolean;
}

export interface DataDeskOptions {
  database: RoundtableDatabase;
  federationId: string;
  task: TaskSettings;
  post: (event: WorkerEvent) => void;
  /** What holds for k examples that say the same; null where there is nothing to state. */
  group: (k: number) => GroupFigure | null;
  /** The kept examples are others now, or none. */
  onChange: () => void;
}

/** From files to kept examples. Texts stay in here and in this browser's database. */
export class DataDesk {
  readonly #options: DataDeskOptions;
  #files: File[] = [];
  #open: OpenTable | null = null;
  #shown = { offset: 0, count: 0 };

  constructor(options: DataDeskOptions) {
    this.#options = options;
  }

  async kept(): Promise<KeptData | null> {
    const { database, federationId } = this.#options;
    return (await database.get('data', federationId)) ?? null;
  }

  /** Shows what is kept, or that nothing is. */
  async showKept(files: FileReport[] = []): Promise<void> {
    const kept = await this.kept();
    if (kept === null) {
      this.#show({ kind: 'none', files });
      return;
    }
    // Counted from the rows: data kept by an earlier version of this page do not say it.
    const repeated = mostRepeated(kept.rows.map(({ input }) => input));
    const summary = { ...kept.summary, mostRepeated: repeated };
    this.#show({ kind: 'kept', summary, group: this.#options.group(repeated) });
  }

  /** An empty list reads the last files again, with another encoding. */
  async readFiles(files: File[], encoding: string | null): Promise<void> {
    if (files.length > 0) this.#files = files;
    this.#show({ kind: 'reading', fileNames: this.#files.map((file) => file.name) });
    const named = this.#files.map((file) => ({
      name: file.name,
      bytes: async () => new Uint8Array(await file.arrayBuffer()),
    }));
    const { columns, rows, reports } = await readFiles(named, encoding);
    if (columns.length === 0) {
      this.#open = null;
      this.#show({ kind: 'none', files: reports });
      return;
    }
    const session = new TableSession(
      this.#options.task,
      { columns, rows },
      guessColumns({ columns, rows }),
    );
    this.#open = { session, files: reports, isSample: false };
    this.#showTable();
  }

  useSample(seed: string): void {
    const { table, report } = sampleTable(seed);
    const session = new TableSession(this.#options.task, table, { input: 'text', output: 'label' });
    this.#files = [];
    this.#open = { session, files: [report], isSample: true };
    this.#showTable();
  }

  chooseColumns(input: string, output: string): void {
    this.#open?.session.chooseColumns(input, output);
    this.#showTable();
  }

  mapLabel(label: string, to: string | null): void {
    this.#open?.session.mapLabel(label, to);
    this.#showTable();
  }

  redact(row: number, isRedacted: boolean): void {
    this.#open?.session.redact(row, isRedacted);
    this.#showTable();
  }

  showRows(offset: number, count: number): void {
    this.#shown = { offset, count };
    const { session } = this.#open ?? {};
    const rows = session?.preview(offset, count) ?? [];
    this.#options.post({ kind: 'rows', offset, rows, rowCount: session?.rowCount ?? 0 });
  }

  async keep(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    const rows = open.session.examples();
    const summary: DataSummary = {
      examples: rows.length,
      isSample: open.isSample,
      fileNames: open.files.filter((file) => !file.error).map((file) => file.name),
      savedAtMs: Date.now(),
      mostRepeated: mostRepeated(rows.map(({ input }) => input)),
    };
    const { database, federationId, onChange } = this.#options;
    await database.put('data', { summary, rows }, federationId);
    this.#close();
    onChange();
    await this.showKept();
  }

  async discardTable(): Promise<void> {
    this.#close();
    await this.showKept();
  }

  async deleteData(): Promise<void> {
    const { database, federationId, onChange } = this.#options;
    await database.delete('data', federationId);
    this.#close();
    onChange();
    await this.showKept();
  }

  #close(): void {
    this.#open = null;
    this.#files = [];
  }

  #showTable(): void {
    const open = this.#open;
    if (!open) return;
    const { session, files, isSample } = open;
    const table = {
      files,
      isSample,
      columns: [...session.columns],
      input: session.input,
      output: session.output,
      ...session.counts(),
    };
    this.#show({ kind: 'table', table });
    if (this.#shown.count > 0) this.showRows(this.#shown.offset, this.#shown.count);
  }

  #show(data: DataState): void {
    this.#options.post({ kind: 'data', data });
  }
}
