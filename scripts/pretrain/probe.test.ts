import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DEPARTMENTS } from '@roundtable/inquiries';
import { forwardHidden, loadBaseModel, memorySource, padSequences } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fitLinearProbe } from './linear-probe.ts';
import type { ModelManifest } from './manifest.ts';
import { promptIds, routingTexts } from './probe-data.ts';

const folder = fileURLToPath(new URL('../../public/models/roundtable-base/', import.meta.url));

async function lastStates(model: BaseModel, texts: readonly string[]): Promise<Float32Array[]> {
  const encode = (text: string) => model.tokenizer.encode(text, { addSpecialTokens: false });
  const prompts = texts.map((text) => promptIds(encode, text));
  const order = prompts.map((_, index) => index);
  order.sort((a, b) => (prompts[a]?.length ?? 0) - (prompts[b]?.length ?? 0));
  const states: Float32Array[] = [];
  for (let start = 0; start < order.length; start += 64) {
    const indices = order.slice(start, start + 64);
    const part = indices.map((index) => prompts[index] ?? []);
    const hidden = tf.tidy(() =>
      forwardHidden(model, padSequences(part, model.tokenizer.padId), {
        positions: part.map((ids) => ids.length - 1),
      }),
    );
    const values = (await hidden.data()) as Float32Array;
    hidden.dispose();
    const width = values.length / part.length;
    for (const [row, index] of indices.entries()) {
      states[index] = values.slice(row * width, (row + 1) * width);
    }
  }
  return states;
}

describe('the embedded base model', () => {
  let model: BaseModel;

  beforeAll(async () => {
    const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(wasm)}/`);
    await tf.setBackend('wasm');
    const names = (await readdir(folder)).filter((name) => !name.endsWith('.md'));
    const files = names.map(async (name) => [name, await readFile(`${folder}${name}`)] as const);
    const manifest = JSON.parse(await readFile(`${folder}manifest.json`, 'utf8')) as ModelManifest;
    const source = memorySource(Object.fromEntries(await Promise.all(files)));
    model = await loadBaseModel(source, { verify: manifest.files });
  });

  afterAll(() => {
    model.dispose();
  });

  it('takes at most 8 MB', async () => {
    const sizes = (await readdir(folder)).map(async (name) => (await stat(folder + name)).size);
    expect((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)).toBeLessThan(8e6);
  });

  it('has a first token of its own for each department', () => {
    const firsts = DEPARTMENTS.map(
      ({ label }) => model.tokenizer.encode(` ${label}`, { addSpecialTokens: false })[0],
    );
    expect(new Set(firsts).size).toBe(DEPARTMENTS.length);
  });

  it('tells departments apart at the last position: a linear probe gets 75 % of unseen templates', async () => {
    const texts = routingTexts('1');
    const train = texts.train.filter((_, k) => k % 2 === 0);
    const test = texts.test.filter((_, k) => k % 2 === 0);
    const index = (label: string) => DEPARTMENTS.findIndex((entry) => entry.label === label);
    const states = await lastStates(
      model,
      [...train, ...test].map(({ text }) => text),
    );
    const labels = train.map(({ label }) => index(label));
    const probe = fitLinearProbe(states.slice(0, train.length), labels, DEPARTMENTS.length, 0.01);
    const predictions = probe.predict(states.slice(train.length));
    const hits = predictions.filter((guess, k) => guess === index(test[k]?.label ?? '')).length;
    expect(hits / test.length).toBeGreaterThanOrEqual(0.75);
  });
});
