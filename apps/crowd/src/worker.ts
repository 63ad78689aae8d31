import { parentPort, workerData } from 'node:worker_threads';
import type { CrowdOrder, ThreadOptions } from './messages.ts';
import { Troupe } from './troupe.ts';

const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a worker thread');
const troupe = new Troupe(workerData as ThreadOptions, (news) => {
  port.postMessage(news);
});
port.on('message', (order: CrowdOrder) => {
  void troupe.follow(order);
});
