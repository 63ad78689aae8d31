import { flatten, initialWeights } from '@roundtable/lora';
import { describe, expect, it } from 'vitest';
import { exampleSpec } from '../testing/index.ts';
import { coordinatesOf } from './coordinates.ts';

describe('coordinatesOf', () => {
  it('is all of B unless tensors are named', () => {
    const { variant, length, tensors } = coordinatesOf(exampleSpec, 'B');
    expect(variant.trainedParts).toEqual(['B']);
    expect(length).toBe(80);
    expect(tensors.map(({ name, start, isTrained }) => [name, start, isTrained])).toEqual([
      ['layers.0.o_proj.lora_B', 0, true],
      ['layers.0.down_proj.lora_B', 40, true],
    ]);
  });

  it('stays B where only tensors of B are named, and the others do not move', () => {
    const { length, tensors } = coordinatesOf(exampleSpec, ['layers.0.down_proj.lora_B']);
    expect(length).toBe(80);
    expect(tensors.map(({ isTrained }) => isTrained)).toEqual([false, true]);
  });

  it('is A and B in the order of the flat vector where a tensor of A is named', () => {
    const named = ['layers.0.down_proj.lora_A', 'layers.0.o_proj.lora_B'];
    const { variant, length, tensors } = coordinatesOf(exampleSpec, named);
    expect([variant.trainedParts, variant.broadcastParts]).toEqual([
      ['A', 'B'],
      ['A', 'B'],
    ]);
    expect(tensors.map(({ isTrained }) => isTrained)).toEqual([false, true, true, false]);
    const weights = initialWeights(exampleSpec);
    const flat = flatten(weights, ['A', 'B']);
    expect(length).toBe(flat.length);
    const { start, length: size } = tensors[2]!;
    expect(flat.subarray(start, start + size)).toEqual(weights.loraA[1]);
  });

  it('names the tensors there are for one there is not', () => {
    expect(() => coordinatesOf(exampleSpec, ['layers.1.o_proj.lora_B'])).toThrow(
      'zerothOrder.weights: layers.1.o_proj.lora_B is not in this adapter, which has ' +
        'layers.0.o_proj.lora_A, layers.0.o_proj.lora_B, layers.0.down_proj.lora_A',
    );
  });
});
