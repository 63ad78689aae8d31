import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ROUTING_TEMPLATE, routingFederation } from '@roundtable/inquiries';

import type { BytePairEncoder } from './byte-pair.ts';
import { BOS_ID } from './tokenizer-json.ts';

interface LabelledText {
  text: string;
  label: string;
}

interface ProbeTexts {
  name: string;
  train: LabelledText[];
  validation: LabelledText[];
  test: LabelledText[];
}

/** Longest prompt in tokens; longer texts lose their beginning. */
const LONGEST_PROMPT = 120;

/** The routing federation on which the gate is measured: 8 clients of 300 messages, pooled. */
export function routingTexts(seed: string): ProbeTexts {
  const federation = routingFederation({ seed, clients: 8, examplesPerClient: 300 });
  const { clients, validation, test } = federation;
  return { name: `routing, seed ${seed}`, train: clients.flat(), validation, test };
}

/** clinc150's ten domains from the reference data, or null where that data is absent. */
export async function clincDomainTexts(referenceData: string): Promise<ProbeTexts | null> {
  const folder = join(referenceData, 'datasets', 'clinc150');
  if (!existsSync(join(folder, 'data_small.json'))) return null;
  const domains = (await readJson(join(folder, 'domains.json'))) as Record<string, string[]>;
  const data = (await readJson(join(folder, 'data_small.json'))) as Record<
    string,
    [text: string, intent: string][]
  >;
  const domainOf = new Map(
    Object.entries(domains).flatMap(([domain, intents]) => intents.map((i) => [i, domain])),
  );
  const texts = (split: string): LabelledText[] =>
    (data[split] ?? []).flatMap(([text, intent]) => {
      const label = domainOf.get(intent);
      return label === undefined ? [] : [{ text, label }];
    });
  return {
    name: 'clinc150 domains',
    train: texts('train'),
    validation: texts('val'),
    test: texts('test'),
  };
}

/** The prompt of a message up to where the label starts, with bos, without the blank at the end. */
export function promptIds(encode: (text: string) => number[], text: string): number[] {
  const [before = ''] = ROUTING_TEMPLATE.replace('{text}', () => text).split('{label}');
  const ids = encode(before.trimEnd());
  return [BOS_ID, ...ids.slice(Math.max(0, ids.length + 1 - LONGEST_PROMPT))];
}

/** Writes what probe.py reads: the prompts of every split as token ids. */
export async function writeProbeData(
  texts: ProbeTexts,
  encoder: BytePairEncoder,
  path: string,
): Promise<void> {
  const rows = (split: LabelledText[]) =>
    split.map(({ text, label }) => ({
      ids: promptIds((prompt) => encoder.encode(prompt), text),
      label,
    }));
  const { name, train, validation, test } = texts;
  const data = { name, train: rows(train), validation: rows(validation), test: rows(test) };
  await writeFile(path, JSON.stringify(data));
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
