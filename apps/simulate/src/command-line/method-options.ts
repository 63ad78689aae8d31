import { methodChoices, quantizableMethods, zerothOrderDefaults } from '@roundtable/protocol';
import type { MethodChoice, ZerothOrderSettings } from '@roundtable/protocol';
import { UsageError } from './command.ts';
import { refuse } from './simulate-option-list.ts';
import type { SimulateValues } from './simulate-option-list.ts';
import { decimal, oneOf, wholeNumber } from './values.ts';

/** DP-ZOSO's γ of methods.md section 6.1. */
const PROXIMAL = 5e-4;

/** What only the zeroth order knows. */
export const zerothOrderOptions = [
  'directions',
  'scale',
  'distribution',
  'noise',
  'weights',
  'stages',
  'mask-share',
  'mask-end',
  'mask-mode',
] as const;

function readStages(given: string | undefined): ZerothOrderSettings['stages'] {
  if (given === undefined) return null;
  const [rounds, proximal] = given.split(':');
  return {
    firstStageRounds: wholeNumber('stages', rounds, { min: 1, max: 10_000 }, 1),
    proximal: decimal('stages', proximal, { min: 0, max: 1 }, PROXIMAL),
  };
}

function readMask(values: SimulateValues): ZerothOrderSettings['mask'] {
  const share = values['mask-share'];
  if (share === undefined) {
    refuse(values, ['mask-end', 'mask-mode'], 'goes with --mask-share only');
    return null;
  }
  return {
    share: decimal('mask-share', share, { min: 1e-6, max: 1 }, 1),
    end: oneOf('mask-end', values['mask-end'], ['lowest', 'highest'], 'lowest'),
    mode: oneOf('mask-mode', values['mask-mode'], ['normal', 'rank'], 'normal'),
  };
}

function readWeights(given: string | undefined): ZerothOrderSettings['weights'] {
  if (given === undefined || given === 'B') return 'B';
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !/^[A-Za-z0-9_.]{1,200}\.lora_[AB]$/.test(name));
  if (unknown === undefined) return names;
  throw new UsageError(`--weights must be B or tensors like ….o_proj.lora_B, got "${unknown}"`);
}

function readZerothOrder(values: SimulateValues): Partial<ZerothOrderSettings> {
  const { directions, scale, distribution } = zerothOrderDefaults;
  return {
    directions: wholeNumber('directions', values.directions, { min: 1, max: 1_024 }, directions),
    scale: decimal('scale', values.scale, { min: 1e-9, max: 1 }, scale),
    distribution: oneOf(
      'distribution',
      values.distribution,
      ['rademacher', 'gaussian'],
      distribution,
    ),
    noise: oneOf('noise', values.noise, ['gaussian', 'laplace'], 'gaussian'),
    weights: readWeights(values.weights),
    stages: readStages(values.stages),
    mask: readMask(values),
  };
}

/** @throws UsageError where an option of another method is given */
export function readMethod(values: SimulateValues): MethodChoice {
  const name = oneOf('method', values.method, methodChoices, 'ffa-lora');
  if (name !== 'fedlpp') refuse(values, ['base-method', 'codebook-bits'], 'goes with fedlpp only');
  else refuse(values, ['download'], 'does not go with fedlpp, which has its own');
  const baseMethod = oneOf('base-method', values['base-method'], quantizableMethods, 'ffa-lora');
  if (name !== 'fedsvd' && baseMethod !== 'fedsvd') {
    refuse(values, ['period'], 'goes with fedsvd only');
  }
  const bits = oneOf('codebook-bits', values['codebook-bits'], ['1', '2', '3', '4'], '4');
  const period = wholeNumber('period', values.period, { min: 1, max: 10_000 }, 1);
  const choice = { name, baseMethod, codebookBits: Number(bits) as 1 | 2 | 3 | 4, period };
  if (name !== 'zeroth-order') {
    refuse(values, zerothOrderOptions, 'goes with zeroth-order only');
    return choice;
  }
  refuse(values, ['download'], 'does not go with zeroth-order, which has its own');
  return { ...choice, zerothOrder: readZerothOrder(values) };
}
