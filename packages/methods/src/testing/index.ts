export { describeMethod, type MethodExpectations } from './describe-method.ts';
export { exampleSpec, exampleTerms, type TermChanges } from './example-terms.ts';
export { exactMean, exampleUpdate } from './example-updates.ts';
export { goldenReplayHashes, replayHashes } from './golden-replay.ts';
export { SmallHub } from './small-hub.ts';
