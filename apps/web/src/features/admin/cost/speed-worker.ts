import { startBackend } from '../../../worker/backend/start-backend.ts';
import { measureGigaflops } from '../../../worker/backend/speed-test.ts';

/** Worker to page, while it measures and at the end. */
export type SpeedAnswer =
  | { kind: 'progress'; done: number; of: number }
  | { kind: 'measured'; backend: string; gigaflops: number }
  | { kind: 'failed'; detail: string };

const READINGS = 3;

function answer(message: SpeedAnswer): void {
  self.postMessage(message);
}

/** The best of several readings: whatever else runs on the device only makes it look slower. */
async function measure(): Promise<void> {
  const { name } = await startBackend(null);
  let gigaflops = 0;
  for (let done = 0; done < READINGS; done += 1) {
    answer({ kind: 'progress', done, of: READINGS });
    gigaflops = Math.max(gigaflops, await measureGigaflops(() => performance.now()));
  }
  answer({ kind: 'measured', backend: name, gigaflops });
}

measure().catch((error: unknown) => {
  answer({ kind: 'failed', detail: error instanceof Error ? error.message : String(error) });
});
