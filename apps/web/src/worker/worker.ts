import { Contributor } from './contributor.ts';
import type { OpenCommand } from './contributor.ts';
import { HubError } from './hub/hub-client.ts';
import type { WorkerCommand, WorkerEvent } from './messages.ts';
import { takeSeat } from './seat.ts';

function post(event: WorkerEvent): void {
  self.postMessage(event);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The contributor once she is open; commands that come earlier wait for it. */
let opening: Promise<Contributor | null> = Promise.resolve(null);

async function open(command: OpenCommand): Promise<Contributor | null> {
  try {
    await takeSeat(() => {
      post({ kind: 'seat', isHeld: false });
    });
    post({ kind: 'seat', isHeld: true });
    return await Contributor.open(command, post);
  } catch (error) {
    const isStorage = error instanceof DOMException;
    const other = isStorage ? 'storage' : 'unsupported-model';
    const reason = error instanceof HubError ? error.reason : other;
    post({ kind: 'open-failed', reason, detail: messageOf(error) });
    return null;
  }
}

async function handle(command: WorkerCommand): Promise<void> {
  if (command.kind === 'open') {
    opening = open(command);
    return;
  }
  const contributor = await opening;
  try {
    await contributor?.handle(command);
  } catch (error) {
    post({ kind: 'command-failed', command: command.kind, detail: messageOf(error) });
  }
}

self.onmessage = (message: MessageEvent<WorkerCommand>) => {
  void handle(message.data);
};

// Nothing may end up in a console unseen: a failure that nobody awaited makes the whole worker suspect.
self.addEventListener('unhandledrejection', (event) => {
  post({ kind: 'fatal', reason: 'crashed', detail: messageOf(event.reason) });
});
