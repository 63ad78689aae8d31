import { methodChoices } from '@roundtable/protocol';
import type { AdapterSettings, MethodChoiceName, PrivacySettings } from '@roundtable/protocol';
import { UsageError } from '../command-line/command.ts';

/** One row of a comparison. */
export interface Contender {
  readonly method: MethodChoiceName;
  readonly aInit: AdapterSettings['aInit'];
  readonly privacyUnit: PrivacySettings['privacyUnit'];
}

type Defaults = Pick<Contender, 'aInit' | 'privacyUnit'>;

/** As it is written on the command line. */
export function contenderName({ method, aInit, privacyUnit }: Contender): string {
  return `${method}:${aInit}${privacyUnit === 'client' ? ':client' : ''}`;
}

function readContender(text: string, defaults: Defaults): Contender {
  const [name, ...marks] = text.trim().split(':');
  const method = methodChoices.find((choice) => choice === name);
  if (method === undefined) {
    throw new UsageError(`--methods must be of ${methodChoices.join(', ')}, got "${text}"`);
  }
  let contender: Contender = { method, ...defaults };
  for (const mark of marks) {
    if (mark === 'orthonormal' || mark === 'kaiming') contender = { ...contender, aInit: mark };
    else if (mark === 'example' || mark === 'client')
      contender = { ...contender, privacyUnit: mark };
    else {
      throw new UsageError(
        `--methods: a method may be marked :orthonormal, :kaiming, :example or :client, got "${text}"`,
      );
    }
  }
  return contender;
}

/**
 * The rows that a list names, each once. Beside FedSVD there is always FFA-LoRA with the orthonormal start, which is the
 * same in theory (methods.md section 4): what the start gives is not to be credited to the refactoring.
 * @throws UsageError
 */
export function readContenders(list: string, defaults: Defaults): Contender[] {
  const named = list.split(',').map((text) => readContender(text, defaults));
  const withBeside = named.flatMap((contender): Contender[] =>
    contender.method === 'fedsvd'
      ? [{ ...contender, method: 'ffa-lora', aInit: 'orthonormal' }, contender]
      : [contender],
  );
  return [...new Map(withBeside.map((one) => [contenderName(one), one])).values()];
}
