import type { AdapterSpec, AdapterWeights, ModuleCatalog } from '@roundtable/lora';
import type { TaskSettings } from '@roundtable/protocol';
import type { EvaluationResult } from '../rounds/evaluator.ts';

/** All that the worker needs to score adapters of one federation. */
export interface EvaluationSetup {
  readonly federationId: string;
  readonly folder: string;
  readonly spec: AdapterSpec;
  readonly task: TaskSettings;
  readonly rows: readonly { readonly input: string; readonly output: string }[];
}

/** Hub to worker. Each request is answered once, in order. */
export type WorkerRequest =
  /** At start of the hub and when an admin registers a folder: which modules has this model. */
  | { readonly kind: 'catalog'; readonly id: number; readonly folder: string }
  /** Before a federation's first evaluation by this worker: load the model, encode the rows, cache the prefix. */
  | { readonly kind: 'open'; readonly id: number; readonly setup: EvaluationSetup }
  /** After each round; null scores the plain base model. */
  | {
      readonly kind: 'evaluate';
      readonly id: number;
      readonly federationId: string;
      readonly weights: AdapterWeights | null;
    }
  /** When a federation is deleted: free what is cached for it. */
  | { readonly kind: 'forget'; readonly id: number; readonly federationId: string };

/** What the worker found when it opened a federation's evaluation set. */
export interface OpenedEvaluation {
  readonly backend: string;
  readonly examples: number;
  readonly skipped: number;
}

/** The value that answers each kind of request. */
export interface WorkerAnswers {
  catalog: ModuleCatalog;
  open: OpenedEvaluation;
  evaluate: EvaluationResult;
  forget: null;
}

/** Worker to hub. */
export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly value: WorkerAnswers[keyof WorkerAnswers] }
  | { readonly id: number; readonly ok: false; readonly message: string };

export type WorkerRequestKind = WorkerRequest['kind'];
