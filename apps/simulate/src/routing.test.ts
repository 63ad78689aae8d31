import { describe, expect, it } from 'vitest';
import { parseSimulateOptions } from './command-line/simulate-options.ts';
import { simulate } from './simulate.ts';

describe('the seeded routing federation', () => {
  it('learns within three rounds at ε = 8: 25 points over the base model, at least 45 %', async () => {
    const args = ['--routing', '--rounds', '3', '--seed', '1', '--evaluate-on', 'validation'];
    const report = await simulate(parseSimulateOptions(args));
    expect(report.epsilon).toBeLessThanOrEqual(8);
    expect(report.evalAfter).toBeGreaterThanOrEqual(0.45);
    expect(report.evalAfter - report.evalBefore).toBeGreaterThanOrEqual(0.25);
    expect(report.evalAfter).toBeGreaterThan(report.majorityAccuracy! + 0.25);
  }, 300_000);
});
