import { describe, expect, it } from 'vitest';
import { labelsOf, readEvaluationFile, usableRows } from './evaluation-file.ts';

const text =
  'text,label\nmy bill is wrong,billing\nit broke, repair \n,billing\nhello,greeting\nagain,billing\n';

async function read() {
  const result = await readEvaluationFile(new File([text], 'rows.csv'));
  if ('kind' in result) throw new Error(result.detail);
  return result;
}

const task = {
  kind: 'classification' as const,
  template: '{text} {label}',
  labels: ['billing', 'repair'],
  maxTokens: 64,
};

describe('an evaluation file', () => {
  it('gives the rows whose label is in the set, and says what was left out', async () => {
    const { rows, skipped } = usableRows(await read(), task);
    expect(rows).toEqual([
      { input: 'my bill is wrong', output: 'billing' },
      { input: 'it broke', output: 'repair' },
      { input: 'again', output: 'billing' },
    ]);
    expect(skipped).toEqual({ blank: 1, unknownLabel: 1, overLimit: 0 });
  });

  it('can bring the labels, the most frequent first', async () => {
    expect(labelsOf(await read())).toEqual(['billing', 'repair', 'greeting']);
  });

  it('is refused with a reason where it is no table', async () => {
    const result = await readEvaluationFile(new File(['{'], 'rows.json'));
    expect(result).toMatchObject({ kind: 'invalid-json' });
  });
});
