import type { TaskSettings } from '@roundtable/protocol';
import type { LabelCount, PreviewRow } from '../messages.ts';

const maxListedLabels = 60;

export interface SessionCounts {
  rowCount: number;
  usable: number;
  skipped: { empty: number; unknownLabel: number; redacted: number };
  labels: LabelCount[];
  tooManyLabels: boolean;
}

/** One table between reading and keeping: chosen columns, mapped labels, rows left out. */
export class TableSession {
  readonly columns: readonly string[];
  readonly #rows: readonly (readonly string[])[];
  readonly #task: TaskSettings;
  readonly #redacted = new Set<number>();
  #mapping = new Map<string, string | null>();
  #input: number;
  #output: number;

  /** @throws RangeError if a chosen column is not one of `columns` */
  constructor(
    task: TaskSettings,
    table: { columns: readonly string[]; rows: readonly (readonly string[])[] },
    guess: { input: string | null; output: string | null },
  ) {
    this.#task = task;
    this.columns = table.columns;
    this.#rows = table.rows;
    this.#input = guess.input === null ? 0 : this.#indexOf(guess.input);
    this.#output =
      guess.output === null ? Math.min(1, table.columns.length - 1) : this.#indexOf(guess.output);
    this.#suggestMapping();
  }

  get input(): string {
    return this.columns[this.#input] ?? '';
  }

  get output(): string {
    return this.columns[this.#output] ?? '';
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  /** @throws RangeError if a column does not exist */
  chooseColumns(input: string, output: string): void {
    this.#input = this.#indexOf(input);
    this.#output = this.#indexOf(output);
    this.#suggestMapping();
  }

  /** Counts rows with `label` as `to`; null skips them. */
  mapLabel(label: string, to: string | null): void {
    this.#mapping.set(label, to);
  }

  redact(row: number, isRedacted: boolean): void {
    if (isRedacted) this.#redacted.add(row);
    else this.#redacted.delete(row);
  }

  counts(): SessionCounts {
    const skipped = { empty: 0, unknownLabel: 0, redacted: 0 };
    let usable = 0;
    const labels = new Map<string, number>();
    for (let row = 0; row < this.#rows.length; row += 1) {
      const label = this.#cell(row, this.#output);
      if (this.#task.kind === 'classification' && label !== '') {
        labels.set(label, (labels.get(label) ?? 0) + 1);
      }
      const status = this.#status(row);
      if (this.#redacted.has(row)) skipped.redacted += 1;
      else if (status === 'empty') skipped.empty += 1;
      else if (status === 'unknown-label') skipped.unknownLabel += 1;
      else usable += 1;
    }
    const sorted = [...labels].sort((a, b) => b[1] - a[1]);
    return {
      rowCount: this.#rows.length,
      usable,
      skipped,
      labels: sorted.slice(0, maxListedLabels * 4).map(([label, rows]) => ({
        label,
        rows,
        mappedTo: this.#labelFor(label),
      })),
      tooManyLabels: sorted.length > maxListedLabels,
    };
  }

  preview(offset: number, count: number): PreviewRow[] {
    const end = Math.min(this.#rows.length, offset + count);
    return Array.from({ length: Math.max(0, end - offset) }, (_, i) => ({
      row: offset + i,
      input: this.#cell(offset + i, this.#input),
      output: this.#cell(offset + i, this.#output),
      isRedacted: this.#redacted.has(offset + i),
      status: this.#status(offset + i),
    }));
  }

  /** The usable rows with the federation's labels. */
  examples(): { input: string; output: string }[] {
    const rows: { input: string; output: string }[] = [];
    for (let row = 0; row < this.#rows.length; row += 1) {
      if (this.#redacted.has(row) || this.#status(row) !== 'used') continue;
      const output = this.#cell(row, this.#output);
      const label = this.#task.kind === 'classification' ? this.#labelFor(output) : output;
      if (label !== null) rows.push({ input: this.#cell(row, this.#input), output: label });
    }
    return rows;
  }

  #status(row: number): PreviewRow['status'] {
    const output = this.#cell(row, this.#output);
    if (this.#cell(row, this.#input) === '' || output === '') return 'empty';
    if (this.#task.kind === 'generation') return 'used';
    return this.#labelFor(output) === null ? 'unknown-label' : 'used';
  }

  #labelFor(label: string): string | null {
    const mapped = this.#mapping.get(label);
    if (mapped !== undefined) return mapped;
    return this.#task.kind === 'classification' && this.#task.labels.includes(label) ? label : null;
  }

  /** A label that differs only in case or surrounding width forms is meant as the known one. */
  #suggestMapping(): void {
    this.#mapping = new Map();
    if (this.#task.kind !== 'classification') return;
    const known = new Map(this.#task.labels.map((label) => [plain(label), label]));
    const exact = new Set(this.#task.labels);
    for (let row = 0; row < this.#rows.length; row += 1) {
      const label = this.#cell(row, this.#output);
      const meant = known.get(plain(label));
      if (!exact.has(label) && meant !== undefined) this.#mapping.set(label, meant);
    }
  }

  #cell(row: number, column: number): string {
    return this.#rows[row]?.[column]?.trim() ?? '';
  }

  #indexOf(column: string): number {
    const index = this.columns.indexOf(column);
    if (index >= 0) return index;
    throw new RangeError(`column must be one of ${this.columns.join(', ')}, got ${column}`);
  }
}

function plain(label: string): string {
  return label.normalize('NFKC').trim().toLowerCase();
}
