import type { CrowdOptions } from './options.ts';

/** What every thread is told when it starts. */
export type ThreadOptions = Pick<CrowdOptions, 'hub' | 'invite' | 'seed' | 'examples'>;

/** Main thread to a worker. */
export type CrowdOrder =
  /** These people are to be here, in this federation; whoever else is leaves. New ones prepare and wait. */
  | {
      readonly kind: 'people';
      /** Counts up; the answer bears the same. */
      readonly order: number;
      readonly federationId: string;
      readonly indices: readonly number[];
    }
  /** Everybody who is prepared takes part from now on. */
  | { readonly kind: 'start' };

/** A worker to the main thread. */
export type CrowdNews =
  | { readonly kind: 'backend'; readonly backend: string }
  /** The people of that order are prepared, or could not be. */
  | { readonly kind: 'prepared'; readonly order: number }
  | { readonly kind: 'problem'; readonly index: number; readonly detail: string };
