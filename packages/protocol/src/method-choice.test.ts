import { describe, expect, it } from 'vitest';
import { methodChoiceOf, methodChoices, methodSettings } from './method-choice.ts';

const wire = { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' } as const;

describe('a choice of method', () => {
  it('comes back from the settings that it makes', () => {
    for (const name of methodChoices) {
      const { method, download = wire.download } = methodSettings({ name });
      expect(methodChoiceOf({ method, wire: { ...wire, download } })).toBe(name);
    }
  });

  it('is, for FedLPP, a codebook of 4 bits over FFA-LoRA unless others are named', () => {
    expect(methodSettings({ name: 'fedlpp' })).toEqual({
      method: 'ffa-lora',
      download: 'codebook-4',
    });
    const named = { name: 'fedlpp', baseMethod: 'fedsvd', codebookBits: 2, period: 5 } as const;
    expect(methodSettings(named)).toEqual({
      method: 'fedsvd',
      fedSvd: { period: 5 },
      download: 'codebook-2',
    });
  });
});
