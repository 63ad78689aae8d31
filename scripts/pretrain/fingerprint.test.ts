import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { discardForeignCheckpoint } from './fingerprint.ts';

describe('discardForeignCheckpoint', () => {
  let work = '';

  beforeEach(async () => {
    work = await mkdtemp(join(tmpdir(), 'pretrain-'));
    await writeFile(join(work, 'train.bin'), 'text');
    await writeFile(join(work, 'config.json'), '{}');
    await discardForeignCheckpoint(work);
    await writeFile(join(work, 'checkpoint.pt'), 'weights');
  });

  afterEach(async () => {
    await rm(work, { recursive: true });
  });

  it('keeps the checkpoint over the same text', async () => {
    await discardForeignCheckpoint(work);
    expect(await readdir(work)).toContain('checkpoint.pt');
  });

  it('drops it when the text has changed', async () => {
    await writeFile(join(work, 'train.bin'), 'other text');
    await discardForeignCheckpoint(work);
    expect(await readdir(work)).not.toContain('checkpoint.pt');
  });

  it('drops one of unknown origin', async () => {
    await rm(join(work, 'fingerprint'));
    await discardForeignCheckpoint(work);
    expect(await readdir(work)).not.toContain('checkpoint.pt');
  });
});
