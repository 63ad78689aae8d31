import { expect, it } from 'vitest';
import { goldenReplayHashes, replayHashes } from '../testing/golden-replay.ts';

it('replays the log in a browser to the bits of Node', async () => {
  expect(await replayHashes()).toEqual(goldenReplayHashes);
});
