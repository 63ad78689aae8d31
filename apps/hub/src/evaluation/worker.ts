import { parentPort } from 'node:worker_threads';
import type { WorkerAnswers, WorkerReply, WorkerRequest } from './messages.ts';
import { Scorer } from './scorer.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread only');
const scorer = new Scorer();

function carryOut(request: WorkerRequest): Promise<WorkerAnswers[keyof WorkerAnswers]> {
  switch (request.kind) {
    case 'catalog':
      return scorer.catalog(request.folder);
    case 'open':
      return scorer.open(request.setup);
    case 'evaluate':
      return scorer.evaluate(request.federationId, request.weights);
    case 'forget':
      scorer.forget(request.federationId);
      return Promise.resolve(null);
  }
}

// One at a time: two evaluations at once would only double the memory.
let tail: Promise<void> = Promise.resolve();
port.on('message', (request: WorkerRequest) => {
  tail = tail
    .then(() => carryOut(request))
    .then(
      (value): WorkerReply => ({ id: request.id, ok: true, value }),
      (error: unknown): WorkerReply => ({
        id: request.id,
        ok: false,
        message: error instanceof Error ? error.message : String(error),
      }),
    )
    .then((reply) => {
      port.postMessage(reply);
    });
});
