type Branch = Record<string, unknown>;

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a dotted path such as `training.localSteps`; undefined where there is nothing. */
export function valueAt(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (isBranch(at) ? at[key] : undefined), tree);
}

/** A copy of `tree` with another value at the path; the original is not touched. */
export function withValueAt<T extends object>(tree: T, path: string, value: unknown): T {
  const [key = '', ...rest] = path.split('.');
  const branch = tree as Branch;
  const inner = branch[key];
  const next =
    rest.length > 0 && isBranch(inner) ? withValueAt(inner, rest.join('.'), value) : value;
  return { ...branch, [key]: next } as T;
}
