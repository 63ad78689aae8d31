/** One measured quantity over the seeds; fractions. */
export interface Measured {
  readonly name: string;
  readonly values: readonly number[];
}

/** Mean and sample standard deviation (0 for a single value). */
export function spread(values: readonly number[]): { mean: number; stddev: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, stddev: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

const percent = (fraction: number): string => (100 * fraction).toFixed(1);

/** A Markdown table: a row per quantity, the seeds' values, their mean ± standard deviation. */
export function markdownTable(seeds: readonly string[], rows: readonly Measured[]): string {
  const header = ['Accuracy %', ...seeds.map((seed) => `seed ${seed}`), 'mean ± sd'];
  const body = rows.map(({ name, values }) => {
    const { mean, stddev } = spread(values);
    return [name, ...values.map(percent), `${percent(mean)} ± ${percent(stddev)}`];
  });
  const rule = header.map(() => '---');
  return [header, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
