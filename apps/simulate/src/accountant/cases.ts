import { kinds } from './kinds.ts';
import { isRecord, toJson, type Json } from './params.ts';

/** What is answered to one case; `id` is the case's own, null where it had none. */
export type CaseAnswer = { readonly id: Json | null } & (
  { readonly value: Json } | { readonly error: string }
);

/** The cases in a text, not yet looked into. */
export function readCases(text: string): readonly unknown[] {
  let cases: unknown;
  try {
    cases = JSON.parse(text);
  } catch (error) {
    throw new Error(`standard input is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (Array.isArray(cases)) return cases as unknown[];
  throw new Error('standard input must be a JSON array of cases {id, kind, params}');
}

function answerCase(entry: unknown): CaseAnswer {
  if (!isRecord(entry)) return { id: null, error: 'a case must be an object {id, kind, params}' };
  const { kind, params } = entry as { kind?: unknown; params?: unknown };
  const id =
    typeof entry['id'] === 'string' || typeof entry['id'] === 'number' ? entry['id'] : null;
  if (typeof kind !== 'string') return { id, error: 'kind must be a string' };
  const answer = kinds.get(kind);
  if (answer === undefined) return { id, error: `unknown kind ${JSON.stringify(kind)}` };
  if (!isRecord(params)) return { id, error: 'params must be an object' };
  try {
    return { id, value: toJson(answer(params)) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

/** The same for cases that differ in nothing but the question asked of one composition. */
function compositionOf(entry: unknown): string {
  if (!isRecord(entry) || !isRecord(entry['params'])) return '';
  const { eps: _eps, delta: _delta, ...rest } = entry['params'] as Record<string, unknown>;
  return JSON.stringify(rest);
}

/**
 * One answer for each case, in the same order; a case that cannot be answered does not stop the others.
 * Cases of one composition are worked out together, while the accountant remembers it.
 */
export function answerCases(cases: readonly unknown[]): CaseAnswer[] {
  const keys = cases.map(compositionOf);
  const order = [...cases.keys()].sort((a, b) =>
    keys[a] === keys[b] ? 0 : keys[a]! < keys[b]! ? -1 : 1,
  );
  const answers = new Map(order.map((index) => [index, answerCase(cases[index])]));
  return cases.map((_, index) => answers.get(index)!);
}
