import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a checkpoint depends on; a checkpoint over other text or of another shape is worthless. */
const INPUTS = ['train.bin', 'config.json'];

/**
 * Removes the checkpoint of a work folder unless it was made from the very text and shape that lie
 * there now, and notes their hash for the next run.
 */
export async function discardForeignCheckpoint(work: string): Promise<void> {
  const hash = createHash('sha256');
  for (const name of INPUTS) hash.update(await readFile(join(work, name)));
  const now = hash.digest('hex');
  const path = join(work, 'fingerprint');
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before !== now) await rm(join(work, 'checkpoint.pt'), { force: true });
  await writeFile(path, now);
}
