import { parseArgs } from 'node:util';
import { generateGreedy } from '@roundtable/transformer';
import { callerPath, runCommand, UsageError } from './command-line/command.ts';
import { wholeNumber } from './command-line/values.ts';
import { readAdapter } from './model/adapter-folder.ts';
import { openModel } from './model/open-model.ts';
import { withAdapters } from './model/with-adapters.ts';

const usage = `Usage: npm run --silent generate -- --model FOLDER --prompt TEXT [options]

Greedy text from a base model in Hugging Face layout and, if given, an adapter on top of it.

  --model FOLDER        default is the embedded base model
  --adapter FOLDER      adapter_model.safetensors and adapter_config.json in PEFT layout
  --prompt TEXT
  --max-new-tokens N    default 64
  --json                {promptIds, newIds, text, logprobs} as the last line of standard output;
                        logprobs are natural logarithms of each new token's probability
  --help
`;

const text = { type: 'string' } as const;
const options = {
  model: text,
  adapter: text,
  prompt: text,
  'max-new-tokens': text,
  json: { type: 'boolean', default: false },
} as const;

async function generate(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options, allowPositionals: false });
  const { prompt } = values;
  if (prompt === undefined) throw new UsageError('--prompt is missing');
  const range = { min: 1, max: 100_000 };
  const maxNewTokens = wholeNumber('max-new-tokens', values['max-new-tokens'], range, 64);
  const { model } = await openModel(values.model);
  const { tokenizer, config } = model;
  const folder = values.adapter === undefined ? null : callerPath(values.adapter);
  const adapter = folder === null ? null : await readAdapter(folder, model);
  const promptIds = tokenizer.encode(prompt);
  // An empty prompt is a start only where the tokenizer sets a token before every text.
  if (promptIds.length === 0) {
    throw new UsageError('--prompt must not be empty: this base model has no token to start from');
  }
  if (promptIds.length >= config.maxPositions) {
    throw new UsageError(
      `--prompt must be below ${config.maxPositions} tokens, the positions of this base model, got ${promptIds.length}`,
    );
  }
  const { newIds, logprobs } = await withAdapters(adapter, (adapters) =>
    generateGreedy(model, promptIds, { adapters, maxNewTokens, stopIds: config.eosIds }),
  );
  const answer = tokenizer.decode(newIds);
  model.dispose();
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ promptIds, newIds, text: answer, logprobs })}\n`
      : `${answer}\n`,
  );
}

await runCommand({ usage, run: generate });
