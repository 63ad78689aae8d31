import { Worker } from 'node:worker_threads';
import type { CrowdNews, CrowdOrder, ThreadOptions } from './messages.ts';
import type { CrowdOptions } from './options.ts';

export interface CrowdListener {
  /** Everybody wanted is prepared and takes part from now on. */
  onStarted(people: number, backend: string): void;
  onProblem(person: number, detail: string): void;
}

/** Spreads the wanted people over worker threads; new ones start together, once all of them are prepared. */
export class Crowd {
  readonly #listener: CrowdListener;
  readonly #threads: Worker[];
  #waitingFor = new Set<Worker>();
  #size = 0;
  #wanted = '';
  #orders = 0;
  #backend = '';

  constructor(options: CrowdOptions, listener: CrowdListener) {
    this.#listener = listener;
    const { hub, invite, seed, examples } = options;
    const workerData: ThreadOptions = { hub, invite, seed, examples };
    this.#threads = Array.from({ length: options.threads }, (_, k) => this.#spawn(workerData, k));
  }

  /** Makes the crowd that of a federation and this large. */
  want(federationId: string, size: number): void {
    const wanted = `${federationId} ${size}`;
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#size = size;
    this.#orders += 1;
    const order = this.#orders;
    this.#waitingFor = new Set(this.#threads);
    this.#threads.forEach((thread, k) => {
      const indices = Array.from({ length: size }, (_, index) => index).filter(
        (index) => index % this.#threads.length === k,
      );
      this.#order(thread, { kind: 'people', order, federationId, indices });
    });
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #spawn(workerData: ThreadOptions, k: number): Worker {
    const entry = new URL('./worker-entry.mjs', import.meta.url);
    const thread = new Worker(entry, { execArgv: [], workerData, name: `crowd-${k + 1}` });
    thread.on('message', (news: CrowdNews) => {
      this.#onNews(thread, news);
    });
    // An 'error' event without listener ends the process with its stack: a crowd that lost a thread is no crowd.
    return thread;
  }

  #order(thread: Worker, order: CrowdOrder): void {
    thread.postMessage(order);
  }

  #onNews(thread: Worker, news: CrowdNews): void {
    if (news.kind === 'backend') this.#backend = news.backend;
    if (news.kind === 'problem') this.#listener.onProblem(news.index + 1, news.detail);
    if (news.kind !== 'prepared' || news.order !== this.#orders) return;
    this.#waitingFor.delete(thread);
    if (this.#waitingFor.size > 0) return;
    for (const each of this.#threads) this.#order(each, { kind: 'start' });
    this.#listener.onStarted(this.#size, this.#backend);
  }
}
