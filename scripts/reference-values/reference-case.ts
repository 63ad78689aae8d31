/** One generated value, in the form that the accountant command answers. */
export interface ReferenceCase {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}
