const FILE = 'adapter_config.json';

export interface PeftConfig {
  rank: number;
  alpha: number;
  fanInFanOut: boolean;
}

// Settings of PEFT that change the arithmetic and that we do not have: each must be absent or neutral.
const unsupported = [
  'use_dora',
  'use_rslora',
  'modules_to_save',
  'rank_pattern',
  'alpha_pattern',
  'layer_replication',
  'megatron_config',
  'trainable_token_indices',
  'lora_bias',
];

/**
 * The fields of an `adapter_config.json` that fix the arithmetic.
 * @throws Error naming the field for other JSON, other adapter kinds and settings that we would not honor
 */
export function parsePeftConfig(text: string): PeftConfig {
  const fields = parseFields(text);
  const fault = (field: string, expected: string) =>
    new Error(`${FILE}: ${field} must be ${expected}, got ${JSON.stringify(fields.get(field))}`);
  const rank = fields.get('r');
  const alpha = fields.get('lora_alpha');
  if (fields.get('peft_type') !== 'LORA') throw fault('peft_type', 'LORA');
  if (typeof rank !== 'number' || !Number.isInteger(rank) || rank < 1 || rank > 4_096) {
    throw fault('r', 'an integer in 1 … 4096');
  }
  if (typeof alpha !== 'number' || !Number.isFinite(alpha) || alpha <= 0) {
    throw fault('lora_alpha', 'a number > 0');
  }
  if (!['none', undefined].includes(fields.get('bias') as string | undefined)) {
    throw fault('bias', 'none');
  }
  // Other kinds (PiSSA, OLoRA, LoftQ) also change the base weights, which the adapter's files do not hold.
  if (
    ![undefined, null, true, false, 'gaussian'].includes(fields.get('init_lora_weights') as null)
  ) {
    throw fault('init_lora_weights', 'true, false or gaussian');
  }
  for (const field of unsupported) {
    if (!isNeutral(fields.get(field))) throw fault(field, 'absent, false or empty');
  }
  const fanInFanOut = fields.get('fan_in_fan_out') ?? false;
  if (typeof fanInFanOut !== 'boolean') throw fault('fan_in_fan_out', 'true or false');
  return { rank, alpha, fanInFanOut };
}

function parseFields(text: string): Map<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${FILE}: is not valid JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${FILE}: is not a JSON object`);
  }
  return new Map<string, unknown>(Object.entries(value));
}

function isNeutral(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
