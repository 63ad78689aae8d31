import { enCard } from './en-card.ts';
import { enMethod } from './en-method.ts';
import { enStart } from './en-start.ts';

export const enCreate = {
  ...enMethod.sections,
  card: enCard,
  startFrom: enStart,
  create: {
    submit: 'Create the federation',
    incomplete: 'Some fields need another value. They are marked.',
    impossible: 'No federation can be made of these settings.',
    noFile: 'Without an evaluation file the federation runs without curves of accuracy and loss.',
    noModel: 'This hub has no base model yet',
    noModelText:
      'Start the hub with --model FOLDER, where the folder holds a model as Hugging Face stores it.',
  },
  task: {
    title: 'What is learned',
    preset: 'Kind of task',
    presets: {
      inquiries: 'Example: inquiries',
      classification: 'Own labels',
      generation: 'Prompts and answers',
    },
    baseModel: 'Base model',
    addModel: 'Another base model…',
    modelFolder: 'Folder on the hub’s computer',
    modelFolderNote:
      'A folder in Hugging Face layout: config.json, model.safetensors, tokenizer.json.',
    addModelButton: 'Add',
    modelAdded: '{{id}} can be chosen now.',
    template: 'Template',
    templateNotes: {
      classification: 'Holds {text} and ends with {label}.',
      generation: 'Holds {prompt} and ends with {response}.',
    },
    labels: 'Labels ({{count}})',
    labelsNote: 'Write one and press Enter, or paste a list. An evaluation file can bring them.',
    labelsExample: 'billing, repair, sales …',
  },
  evaluation: {
    title: 'Evaluation',
    note: 'Rows that the hub scores after each round. They are stored on the hub: use none that are private.',
    kinds: { sample: 'Example set', file: 'File', none: 'None' },
    sample:
      '576 invented inquiries in Japanese and English, none of them from the training templates.',
    noneTitle: 'Runs without evaluation',
    noneText:
      'Rounds are completed as usual, but nobody can see whether the model gets better. Curves of loss and accuracy stay empty.',
    choose: 'Choose a file',
    formats: 'csv, tsv, json or jsonl',
    columns: {
      classification: { input: 'Text column', output: 'Label column' },
      generation: { input: 'Prompt column', output: 'Answer column' },
    },
    usable: '{{rows}} rows can be used',
    blank: '{{rows}} rows with an empty cell are left out.',
    over: '{{rows}} rows beyond the limit of 20,000 are left out.',
    unknown: '{{rows}} rows have a label that is not in the set and are left out.',
    takeLabels: 'Take the {{count}} labels of the file as the set',
    kept: 'The form is unchanged.',
    failures: {
      'too-large': 'The file is too large.',
      binary: 'This is not a text file.',
      encoding: 'The characters could not be decoded.',
      format: 'This kind of file cannot be read. Save it as csv, tsv, json or jsonl.',
      'invalid-json': 'The file is not valid JSON.',
      empty: 'The file is empty.',
      'no-rows': 'The file has a header but no rows.',
      'missing-column': 'The file needs two columns.',
      other: 'The file could not be read.',
    },
  },
  people: {
    title: 'People and privacy',
    target: 'Participants',
    examples: 'Typical examples per person',
  },
  privacy: {
    on: 'Differential privacy on every device',
    epsilon: 'Privacy budget ε for the whole run (smaller protects more)',
    unit: 'What is protected',
    units: { example: 'One example', client: 'A whole person' },
    unitNotes: {
      example:
        'ε bounds how well anybody can tell whether one row was among a person’s examples. Facts that many of her rows repeat are protected less.',
      client:
        'ε bounds what anybody can learn about all of a person’s rows together. It takes much more noise: only with many people, or very few trained numbers, can anything be learned.',
    },
    ceilings:
      'This organization allows at most ε = {{epsilon}} and at least {{cohort}} people a round.',
    required: 'Differential privacy cannot be turned off here.',
    offTitle: 'Without differential privacy',
    offText:
      'Updates leave the devices without noise. Texts may be reconstructed from them. Choose this only for data that is not private.',
  },
  cost: {
    title: 'Cost',
    note: 'Per participant; computed from the settings as you change them.',
    privacyTitle: 'Privacy',
    privacyNote: 'Per participant; calibrated in the background as you change the settings.',
    totalHub: 'ε against the hub',
    totalBroadcast: 'ε of the shared model',
    first: 'ε of one round',
    noise: 'Noise multiplier σ',
    noiseHint: 'calibrated to the budget',
    signal: 'Signal to noise',
    signalHints: { run: 'best case, all rounds', round: 'best case, one round' },
    signalUnknown: 'not known for Laplace noise',
    stageQuick: 'An upper bound at once; the exact figures are being computed.',
    stageExact: 'Exact: these are the figures that participants see.',
    unreachable: 'No noise reaches this target.',
    proof: {
      proven:
        'Against those who see only the shared model ε is smaller: the updates are added up, and so is their noise.',
      'several-steps':
        'Those who see only the shared model: no smaller ε is proved where a round has several noisy steps.',
      'nonlinear-upload':
        'Those who see only the shared model: no smaller ε is proved, because updates are rounded in blocks.',
      'other-noise':
        'Those who see only the shared model: no smaller ε is proved, because Laplace noise adds up to noise of another kind.',
      'too-few-clients':
        'Those who see only the shared model: no smaller ε with so few people in a round. Three or more are needed.',
    },
    drowned: 'The noise drowns the signal (ratio {{ratio}}, below 1).',
    drownedTodo: {
      example:
        'Invite more people or more examples, train fewer numbers (a smaller rank, fewer modules), or allow a larger ε.',
      client:
        'Protect one example instead of a whole person, or train far fewer numbers (a smaller rank, fewer modules), invite more people, or allow a larger ε.',
    },
    up: 'Sent per round',
    down: 'Received per round',
    parameters: '{{count}} numbers',
    meaning: {
      example:
        'ε bounds what anybody, the hub included, can learn about one example from everything a participant sends. Noise is added on her device before anything leaves it.',
      client:
        'ε bounds what anybody, the hub included, can learn about all examples of a participant together. Noise is added on her device before anything leaves it.',
    },
    unknown: 'Computed as soon as all fields are filled in.',
    noMeaning: 'Nothing bounds what the hub can learn from an update.',
    impossible: 'The base model does not allow this adapter.',
  },
  advanced: {
    title: 'Advanced settings',
    adapter: 'Adapter',
    noWire: 'Scalars travel as whole numbers of a public grid, both ways; there is nothing to set.',
    training: 'Training on the device',
    privacy: 'Privacy',
    noPrivacy: 'Differential privacy is off.',
    cohort: 'Rounds and people',
    wire: 'On the wire',
    modulesNote: 'Last part of the module’s name.',
    layersNote: '“all”, or numbers; −1 is the last layer.',
  },
  fields: {
    baseMethod: 'Method under the codebook',
    codebookBits: 'Bits per value on the way down',
    zerothOrder: enMethod.fields,
    fedSvd: { period: 'Rounds between refactorings' },
    name: 'Name',
    purpose: 'Purpose, as participants read it',
    rounds: 'Rounds',
    method: 'Method',
    task: { maxTokens: 'Longest prompt (tokens)' },
    adapter: {
      rank: 'Rank r',
      alpha: 'Alpha',
      modules: 'Modules',
      layers: 'Layers',
      aInit: 'Start of A',
      aSeed: 'Public seed of A',
    },
    training: {
      localSteps: 'Steps per round',
      learningRate: 'Learning rate',
      finalLearningRateFactor: 'Last rate as a share of the first',
      samplingRate: 'Sampling rate q',
      batchDivisor: 'Divisor b',
      maxExamplesPerStep: 'Most examples per step',
      optimizer: 'Optimizer',
    },
    privacy: { epsilonBudget: 'ε budget', delta: 'δ', clippingNorm: 'Clipping norm C' },
    cohort: {
      minimum: 'Fewest participants',
      target: 'Wanted participants',
      overSelection: 'Over-selection',
      deadlineSeconds: 'Deadline (seconds)',
      minimumFraction: 'Share of updates needed',
    },
    wire: {
      uploadBits: 'Bits per number sent',
      uploadBlockSize: 'Block size',
      download: 'Adapter file',
    },
  },
  methodNotes: enMethod.notes,
  choices: {
    method: enMethod.names,
    zerothOrder: enMethod.choices,
    adapter: { aInit: { orthonormal: 'orthonormal rows', kaiming: 'Kaiming uniform' } },
    training: { optimizer: { sgd: 'SGD', adam: 'Adam' } },
    wire: {
      uploadBits: { '8': '8 bits', '4': '4 bits' },
      download: { fp16: '16-bit floats', q8: '8-bit blocks', q4: '4-bit blocks' },
    },
  },
  issues: {
    'organization-most': 'This organization allows at most {{limit}}.',
    'organization-least': 'This organization asks for at least {{limit}}.',
    'organization-privacy': 'This organization does not allow to turn differential privacy off.',
    'page-most': 'Participants’ pages refuse more than {{limit}}.',
    'page-least': 'Participants’ pages refuse less than {{limit}}.',
    minimumAboveTarget: 'The fewest participants must not be more than the wanted ones.',
    template: 'The template misses its placeholder or does not end with it.',
    labels: 'At least 2 and at most 200 labels, each up to 100 characters.',
    empty: 'This field needs a value.',
    tooLong: 'At most {{limit}} characters.',
    atLeast: 'At least {{limit}}.',
    above: 'Above {{limit}}.',
    atMost: 'At most {{limit}}.',
    number: 'This needs a number within the allowed range.',
  },
};
