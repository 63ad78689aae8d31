import type { Session } from '@roundtable/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkerCommand, WorkerEvent } from '../../worker/messages.ts';
import { useContributor } from './contributor-store.ts';
import { WorkerClient, forcedBackend } from './worker-client.ts';

class FakeWorker {
  static readonly all: FakeWorker[] = [];
  onmessage: ((message: { data: WorkerEvent }) => void) | null = null;
  onerror: ((error: { message: string }) => void) | null = null;
  readonly commands: WorkerCommand[] = [];
  isTerminated = false;
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(command: WorkerCommand): void {
    this.commands.push(command);
  }
  terminate(): void {
    this.isTerminated = true;
  }
  say(event: WorkerEvent): void {
    this.onmessage?.({ data: event });
  }
}

const session: Session & { federationId: string } = {
  token: 'abcdefghijklmnop',
  role: 'contributor',
  federationId: 'federation1',
  clientId: 'client123',
  expiresAtMs: 9e15,
};
const fault: WorkerEvent = { kind: 'fatal', reason: 'gpu-error', detail: 'invalid shader' };

function open(): WorkerClient {
  const client = new WorkerClient(session, null);
  client.open();
  return client;
}

const last = (): FakeWorker => FakeWorker.all.at(-1)!;

beforeEach(() => {
  FakeWorker.all.length = 0;
  useContributor.getState().reset();
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('location', { origin: 'http://hub' });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('WorkerClient', () => {
  it('opens the worker with the session and leaves the backend to it', () => {
    open();
    expect(last().commands).toEqual([
      {
        kind: 'open',
        hubUrl: 'http://hub',
        token: session.token,
        federationId: 'federation1',
        backend: null,
      },
    ]);
  });

  it('throws a faulty worker away and opens a fresh one', () => {
    open();
    const faulty = last();
    faulty.say(fault);
    expect(faulty.isTerminated).toBe(true);
    expect(last()).not.toBe(faulty);
    expect(useContributor.getState().faults).toBe(1);
  });

  it('believes nothing that a replaced worker still says', () => {
    open();
    const faulty = last();
    faulty.say(fault);
    faulty.say(fault);
    expect(useContributor.getState().faults).toBe(1);
  });

  it('does not ask a GPU a third time, and gives up after the fourth fault', () => {
    open();
    for (let i = 0; i < 4; i += 1) last().say(fault);
    const backends = FakeWorker.all.map((worker) => {
      const [command] = worker.commands;
      return command?.kind === 'open' ? command.backend : 'none';
    });
    expect(backends).toEqual([null, null, 'wasm', 'wasm']);
    expect(useContributor.getState().hasGivenUp).toBe(true);
    expect(last().isTerminated).toBe(true);
  });

  it('treats an uncaught error in the worker as a fault', () => {
    open();
    last().onerror?.({ message: 'out of memory' });
    expect(useContributor.getState().lastFault).toEqual({
      reason: 'crashed',
      detail: 'out of memory',
    });
  });

  it('opens a fresh worker for newer conditions without counting a fault', () => {
    open();
    last().say({ kind: 'reopen' });
    expect(FakeWorker.all).toHaveLength(2);
    expect(useContributor.getState().faults).toBe(0);
  });
});

describe('forcedBackend', () => {
  it('takes the three known names only', () => {
    expect(
      ['?backend=wasm', '?backend=webgpu', '?backend=cpu', '?backend=x', ''].map(forcedBackend),
    ).toEqual(['wasm', 'webgpu', 'cpu', null, null]);
  });
});
