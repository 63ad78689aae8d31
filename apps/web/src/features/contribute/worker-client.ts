import type { Session } from '@roundtable/protocol';
import type { BackendName, WorkerCommand, WorkerEvent } from '../../worker/messages.ts';
import { useContributor } from './contributor-store.ts';

/** Faults of the graphics processor after which the page stops starting fresh workers. */
const maxFaults = 3;

export type Send = (command: WorkerCommand) => void;

/** The backend forced by `?backend=` in the page's address; null leaves the choice to the worker. */
export function forcedBackend(search: string): BackendName | null {
  const value = new URLSearchParams(search).get('backend');
  return value === 'webgpu' || value === 'wasm' || value === 'cpu' ? value : null;
}

/**
 * Runs the contributor's worker for as long as the page shows it. After a fatal fault the worker is
 * thrown away with everything it held in memory and a fresh one is opened: tfjs cannot recover a
 * lost device in place. A run that was going on goes on in the fresh worker.
 */
export class WorkerClient {
  #worker: Worker | null = null;
  #isRunning = false;
  #lastPower: WorkerCommand | null = null;
  #lastBattery: WorkerCommand | null = null;
  readonly #session: Session & { federationId: string };
  readonly #backend: BackendName | null;

  constructor(session: Session & { federationId: string }, backend: BackendName | null) {
    this.#session = session;
    this.#backend = backend;
  }

  open(): void {
    const worker = new Worker(new URL('../../worker/worker.ts', import.meta.url), {
      type: 'module',
      name: 'contributor',
    });
    this.#worker = worker;
    worker.onmessage = (message: MessageEvent<WorkerEvent>) => {
      this.#receive(worker, message.data);
    };
    worker.onerror = (error) => {
      this.#receive(worker, { kind: 'fatal', reason: 'crashed', detail: error.message });
    };
    // A GPU that failed twice is not asked a third time.
    const fallback = useContributor.getState().faults > 1 ? 'wasm' : null;
    this.#post({
      kind: 'open',
      hubUrl: location.origin,
      token: this.#session.token,
      federationId: this.#session.federationId,
      backend: this.#backend ?? fallback,
    });
  }

  readonly send: Send = (command) => {
    if (command.kind === 'start') this.#isRunning = true;
    if (command.kind === 'stop' || command.kind === 'pause') this.#isRunning = false;
    if (command.kind === 'delete-data' || command.kind === 'leave') this.#isRunning = false;
    if (command.kind === 'set-power') this.#lastPower = command;
    if (command.kind === 'set-battery') this.#lastBattery = command;
    this.#post(command);
  };

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #post(command: WorkerCommand): void {
    this.#worker?.postMessage(command);
  }

  #receive(from: Worker, event: WorkerEvent): void {
    if (from !== this.#worker) return;
    const store = useContributor.getState();
    store.apply(event);
    if (event.kind === 'fatal') this.#replace();
    if (event.kind === 'reopen') this.#reopen();
    if (event.kind === 'opened') this.#resume();
  }

  #reopen(): void {
    this.close();
    this.open();
  }

  #replace(): void {
    if (useContributor.getState().faults > maxFaults) {
      this.close();
      useContributor.getState().gaveUp();
      return;
    }
    this.#reopen();
  }

  #resume(): void {
    if (this.#lastPower) this.#post(this.#lastPower);
    if (this.#lastBattery) this.#post(this.#lastBattery);
    if (this.#isRunning) this.#post({ kind: 'start' });
  }
}
