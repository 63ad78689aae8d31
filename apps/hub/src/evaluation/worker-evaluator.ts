import type { Worker } from 'node:worker_threads';
import type { ModuleCatalog } from '@roundtable/lora';
import type { HubLogger } from '../hub-types.ts';
import type { Evaluator } from '../rounds/evaluator.ts';
import type { EvaluationSetup } from './messages.ts';
import { EvaluationFailure, spawnEvaluationWorker, WorkerThread } from './worker-thread.ts';

const TIMEOUT_MS = 15 * 60_000;

/** The evaluator in a worker thread, which also reads module catalogs, since only this room knows base models. */
export interface WorkerEvaluator extends Evaluator {
  /** @throws EvaluationFailure for a configuration that the transformer room does not support */
  catalog(folder: string): Promise<ModuleCatalog>;
  close(): Promise<void>;
}

/**
 * @param setupOf what is needed to evaluate a federation; rejects or resolves to null where it cannot be evaluated
 */
export function createWorkerEvaluator(options: {
  setupOf: (federationId: string) => Promise<EvaluationSetup | null>;
  logger: HubLogger;
  spawn?: () => Worker;
  timeoutMs?: number;
}): WorkerEvaluator {
  const { logger, setupOf } = options;
  const opened = new Map<string, Promise<void>>();
  const thread = new WorkerThread({
    spawn: options.spawn ?? spawnEvaluationWorker,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    onEnd: (reason) => {
      opened.clear();
      logger.error({ reason }, 'the evaluation worker ended and will be started anew');
    },
  });
  const open = async (federationId: string): Promise<void> => {
    const setup = await setupOf(federationId);
    if (setup === null) throw new EvaluationFailure('this federation has no evaluation set');
    const found = await thread.request('open', { setup });
    logger.info({ federationId, ...found }, 'evaluation set opened');
  };
  const ensureOpen = (federationId: string): Promise<void> => {
    const known = opened.get(federationId);
    if (known !== undefined) return known;
    const opening = open(federationId);
    opened.set(federationId, opening);
    // A failed opening is tried again at the next round.
    opening.catch(() => {
      if (opened.get(federationId) === opening) opened.delete(federationId);
    });
    return opening;
  };
  return {
    catalog: (folder) => thread.request('catalog', { folder }),
    evaluate: async (federationId, weights) => {
      await ensureOpen(federationId);
      return thread.request('evaluate', { federationId, weights });
    },
    forget: (federationId) => {
      if (!opened.delete(federationId)) return;
      thread.request('forget', { federationId }).catch((error: unknown) => {
        logger.warn({ federationId, reason: String(error) }, 'evaluation cache was not freed');
      });
    },
    close: () => thread.close(),
  };
}
