/** Why nothing was released. */
export type ReleaseFailureKind = 'not-finite' | 'grid-overflow' | 'random-source';

/** A release failed closed: nothing of it may leave, and its cost counts as spent. */
export class ReleaseFailure extends Error {
  override readonly name = 'ReleaseFailure';
  readonly kind: ReleaseFailureKind;
  constructor(kind: ReleaseFailureKind, detail: string, options?: ErrorOptions) {
    super(`${kind}: ${detail}`, options);
    this.kind = kind;
  }
}
