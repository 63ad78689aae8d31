/** What train.py measured; its training.json. */
export interface TrainingReport {
  parameters: number;
  steps: number;
  tokensSeen: number;
  seconds: number;
  perplexity: { model: number; bigram: number; unigram: number };
}

/** One line of probe.py. */
export interface ProbeReport {
  name: string;
  validation: number;
  test: number;
}

/** The accuracies (0 to 1) that stand beside a routing probe. */
export interface Baselines {
  majority: number;
  bagOfNGrams: number;
}

export interface CardFacts {
  training: TrainingReport;
  probes: ProbeReport[];
  baselines: Baselines;
  bytes: number;
  vocabulary: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The model card in Markdown, with the figures of the run that made the model. */
export function modelCard({ training, probes, baselines, bytes, vocabulary }: CardFacts): string {
  const { perplexity } = training;
  const million = (count: number) => `${(count / 1e6).toFixed(2)} million`;
  return `# roundtable-base

A small Japanese and English causal language model, trained from scratch by this repository on text that this repository generates. It exists so that federated fine-tuning has something to tune that loads in a second; it is no assistant and knows no facts.

- Architecture: Llama family (RMSNorm, half-split rotary positions, SwiGLU, tied embeddings), ${million(training.parameters)} parameters, float16, ${(bytes / 1e6).toFixed(1)} MB in all files.
- Tokenizer: byte-level BPE, vocabulary ${vocabulary}, \`<|bos|>\` before every text, \`<|eos|>\` after a document.
- Licence: Apache-2.0, like the repository.

## Data

Seeded grammars over hand-written lexicons (\`scripts/pretrain/lexicon\`): messages about some 65 topics of shops, money, food, vehicles, trips, devices, offices and talk, in both languages, most of them followed by lines \`→ answer\` with the topic, a wider category, a thing, a word, the kind of message or its language, in either language. Half of the rows see a tenth of their input tokens replaced at random.

No label of an evaluation task (departments of the routing task, domains of clinc150, labels of banking77) is an answer in it, and documents with a 5-gram of a validation or test template of the routing task are dropped; both are tested. The lexicons and the templates of the routing task were written by the same people about the same world, and the topics were chosen with the domains of clinc150 in mind, so words are shared: the routing task shows that the machinery works, not how a large model would do.

## Training

\`npm run pretrain\` (Python with PyTorch, offline; the runtime needs neither). ${million(training.tokensSeen)} tokens in ${training.steps} steps of 32 rows of 96 tokens, Muon for matrices and AdamW for the rest, a constant rate that falls to nothing over the last 35 %, tokens of answers counted four times, ${(training.seconds / 60).toFixed(0)} minutes on one CPU core.

## Measured

| Held-out text of the same generator, same tokens | perplexity |
| --- | --- |
| unigram counts | ${perplexity.unigram.toFixed(1)} |
| bigram counts | ${perplexity.bigram.toFixed(1)} |
| this model | ${perplexity.model.toFixed(2)} |

Perplexity on generated text says little; what counts is whether the last position of a prompt knows what the message is about. Linear probe there (multinomial logistic regression, penalty chosen on validation):

| Task | test accuracy |
| --- | --- |
${probes.map(({ name, test }) => `| ${name} | ${percent(test)} |`).join('\n')}

Routing: 12 departments, pooled training messages of 8 clients, sentences of the test messages unseen. Beside it, seed 1: majority class ${percent(baselines.majority)}, bag of character n-grams (complement naive Bayes) ${percent(baselines.bagOfNGrams)}.

## What it cannot do

It holds no conversation, answers no question and writes no usable text: its sentences are those of its grammars. It knows a few thousand words; what lies outside its topics it does not separate well. It was trained on at most 96 tokens at a time; what it makes of longer texts was not measured. It was not examined for bias; do not use it to judge people.
`;
}
