import { zerothOrderDefaults } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { stageOf } from './stages.ts';

describe('stageOf', () => {
  it('lasts T, 2T and 4T rounds and more, at η, η/2 and η/4', () => {
    const stages = { firstStageRounds: 2, proximal: 0.5 };
    const seen = Array.from({ length: 16 }, (_, completed) => {
      const stage = stageOf({ ...zerothOrderDefaults, stages }, completed)!;
      return [stage.number, stage.firstRound, stage.factor, stage.proximal];
    });
    const times = (count: number, stage: number[]) => new Array<number[]>(count).fill(stage);
    expect(seen).toEqual([
      ...times(2, [1, 0, 1, 0.5]),
      ...times(4, [2, 2, 0.5, 0.5]),
      ...times(10, [3, 6, 0.25, 0.5]),
    ]);
  });

  it('is null without a schedule', () => {
    expect(stageOf(zerothOrderDefaults, 3)).toBeNull();
  });
});
