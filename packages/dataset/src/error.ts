/** Why a file could not be read as a table. */
export type DatasetErrorKind =
  | 'too-large'
  | 'binary'
  | 'encoding'
  | 'format'
  | 'invalid-json'
  | 'empty'
  | 'no-rows'
  | 'missing-column';

/** A file or a choice of columns that cannot be used; `kind` and `details` let a screen say it in its own words. */
export class DatasetError extends Error {
  readonly kind: DatasetErrorKind;
  readonly details: Readonly<Record<string, string | number | readonly string[]>>;

  constructor(kind: DatasetErrorKind, message: string, details: DatasetError['details'] = {}) {
    super(message);
    this.name = 'DatasetError';
    this.kind = kind;
    this.details = details;
  }
}
