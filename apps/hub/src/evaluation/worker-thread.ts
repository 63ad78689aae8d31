import { Worker } from 'node:worker_threads';
import type { WorkerAnswers, WorkerReply, WorkerRequest, WorkerRequestKind } from './messages.ts';

/** The worker crashed, was too slow, or refused a request; the hub goes on without its answer. */
export class EvaluationFailure extends Error {}

type RequestBody<K extends WorkerRequestKind> = Omit<
  Extract<WorkerRequest, { kind: K }>,
  'id' | 'kind'
>;

interface Pending {
  readonly resolve: (value: WorkerAnswers[WorkerRequestKind]) => void;
  readonly reject: (error: EvaluationFailure) => void;
  readonly timer: NodeJS.Timeout;
}

/** Starts the evaluation worker from TypeScript source, under tsx and vitest alike. */
export function spawnEvaluationWorker(): Worker {
  // The loader of the parent, where there is one, must not be inherited twice.
  const entry = new URL('./worker-entry.mjs', import.meta.url);
  return new Worker(entry, { execArgv: [], name: 'roundtable-evaluation' });
}

/**
 * Requests and answers over one worker that is started on demand and started anew after a crash. A request that takes
 * longer than `timeoutMs` ends the worker: a silent thread must not stall rounds.
 */
export class WorkerThread {
  readonly #spawn: () => Worker;
  readonly #timeoutMs: number;
  readonly #onEnd: (reason: string) => void;
  #worker: Worker | null = null;
  #nextId = 1;
  readonly #pending = new Map<number, Pending>();
  #isClosed = false;

  /** @param onEnd called when a worker ends that was not closed; what it had cached is gone */
  constructor(options: {
    spawn: () => Worker;
    timeoutMs: number;
    onEnd: (reason: string) => void;
  }) {
    this.#spawn = options.spawn;
    this.#timeoutMs = options.timeoutMs;
    this.#onEnd = options.onEnd;
  }

  request<K extends WorkerRequestKind>(kind: K, body: RequestBody<K>): Promise<WorkerAnswers[K]> {
    if (this.#isClosed) return Promise.reject(new EvaluationFailure('the hub is stopping'));
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    return new Promise<WorkerAnswers[WorkerRequestKind]>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#end(worker, `no answer to ${kind} within ${this.#timeoutMs} ms`);
      }, this.#timeoutMs);
      this.#pending.set(id, { resolve, reject, timer });
      worker.postMessage({ ...body, kind, id });
    }) as Promise<WorkerAnswers[K]>;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === null) return;
    this.#worker = null;
    this.#failAll('the hub is stopping');
    await worker.terminate();
  }

  #start(): Worker {
    const worker = this.#spawn();
    worker.on('message', (reply: WorkerReply) => {
      this.#settle(reply);
    });
    worker.on('error', (error) => {
      this.#end(worker, `the evaluation worker crashed: ${error.message}`);
    });
    worker.on('exit', (code) => {
      this.#end(worker, `the evaluation worker ended with code ${code}`);
    });
    // Waiting for work must not keep the process alive.
    worker.unref();
    return worker;
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (reply.ok) pending.resolve(reply.value);
    else pending.reject(new EvaluationFailure(reply.message));
  }

  #end(worker: Worker, reason: string): void {
    // `error` is followed by `exit`; only the first one counts, and never one of a worker that was replaced.
    if (this.#worker !== worker) return;
    this.#worker = null;
    void worker.terminate();
    this.#onEnd(reason);
    this.#failAll(reason);
  }

  #failAll(reason: string): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new EvaluationFailure(reason));
    }
    this.#pending.clear();
  }
}
