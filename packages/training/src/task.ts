/** Text to one of a fixed list of labels; `template` holds {text} and ends in {label}. */
export interface ClassificationTask {
  readonly kind: 'classification';
  readonly template: string;
  readonly labels: readonly string[];
  /** Most tokens of a filled template without its label. */
  readonly maxTokens: number;
}

/** Prompt to response; `template` holds {prompt} and ends in {response}. */
export interface GenerationTask {
  readonly kind: 'generation';
  readonly template: string;
  /** Most tokens of a filled template with its response. */
  readonly maxTokens: number;
}

export type Task = ClassificationTask | GenerationTask;

/** A template around its input, with the whitespace before the answer moved to the answer. */
export interface SplitTemplate {
  readonly head: string;
  readonly tail: string;
  /** Whitespace that stands before every answer. */
  readonly gap: string;
}

/** @throws if the template lacks its input place or does not end in its answer place */
export function splitTemplate(task: Task): SplitTemplate {
  const [input, answer] =
    task.kind === 'classification' ? ['{text}', '{label}'] : ['{prompt}', '{response}'];
  const start = task.template.indexOf(input);
  if (start < 0 || !task.template.endsWith(answer)) {
    throw new RangeError(
      `template must hold ${input} and end in ${answer}, got ${JSON.stringify(task.template)}`,
    );
  }
  const between = task.template.slice(start + input.length, -answer.length);
  const tail = between.trimEnd();
  return { head: task.template.slice(0, start), tail, gap: between.slice(tail.length) };
}
