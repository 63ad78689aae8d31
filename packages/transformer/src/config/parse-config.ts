import { BaseModelError } from '../errors.ts';
import { ConfigFields, parseJsonObject } from './fields.ts';
import { gpt2Config } from './gpt2-config.ts';
import { llamaConfig } from './llama-config.ts';
import { ARCHITECTURES } from './model-config.ts';
import type { ModelConfig } from './model-config.ts';

/**
 * Reads a Hugging Face `config.json` of the Llama family, Qwen2 or GPT-2.
 *
 * @throws BaseModelError naming the field; an unsupported architecture with those supported
 */
export function parseModelConfig(text: string, fileName = 'config.json'): ModelConfig {
  const json = parseJsonObject(fileName, text);
  const fields = new ConfigFields(fileName, json);
  const type = json['model_type'];
  const architecture = ARCHITECTURES.find((name) => name === type);
  if (architecture === undefined) {
    throw new BaseModelError(
      fileName,
      'model_type',
      `architecture ${JSON.stringify(type ?? null)} is not supported; supported: ${ARCHITECTURES.join(', ')}`,
    );
  }
  return architecture === 'gpt2' ? gpt2Config(fields) : llamaConfig(fields, architecture);
}
