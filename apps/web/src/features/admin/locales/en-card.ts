/** The cost–privacy card. */
export const enCard = {
  title: 'Cost and privacy of the methods',
  note: 'For the base model and the settings of this page, per participant. Bytes and ε are computed; memory, time and accuracy are shown only where they were measured.',
  noteRunning:
    'For the base model and the settings of this federation, per participant. Bytes and ε are computed, ε for the whole run under its budget; memory, time and accuracy are shown only where they were measured.',
  columns: {
    method: 'Method',
    up: 'Sent per round',
    down: 'Received per round',
    memory: 'Memory of the device',
    seconds: 'Time per round',
    epsilonHub: 'ε against the hub',
    epsilonOutside: 'ε against outsiders',
    lost: 'Accuracy lost',
  },
  use: 'Use',
  chosen: 'Chosen',
  computing: 'computing…',
  unreachable: 'out of reach',
  notMeasured: 'not measured',
  seconds: '{{value}} s',
  about: '≈ {{value}} s',
  best: 'the best measured',
  points: '{{points}} points',
  pointsWithin: '{{points}} ± {{half}} points',
  otherStart: 'A began as {{start}}',
  protects: 'Protects:',
  leaves: 'Does not:',
  protection: {
    example: 'Single examples, by noise that is added on the device.',
    client: 'All examples of a person together, by noise that is added on the device.',
    none: 'Nothing bounds what an update tells.',
  },
  does: {
    'ffa-lora': 'Noise enters the weights once, and averages are exact.',
    lora: 'Both factors are trained and noised.',
    fedsvd: 'The hub refactors numbers that are noised already, which costs no privacy.',
    fedlpp: 'Participants hold a coarse copy of the adapter, the hub the exact one.',
    'zeroth-order': 'Only a few scalars leave the device, however large the model is.',
  },
  doesNot: {
    'ffa-lora': 'Hide the adapter: every participant holds all of it.',
    lora: 'Average exactly: noise on one factor is multiplied by the other. Every participant holds the adapter.',
    fedsvd:
      'Protect more than FFA-LoRA with an orthonormal start, which is the same in theory. Every participant holds the adapter.',
    fedlpp:
      'Promise that the copy is much worse: the gap is measured every round. Copies of many rounds together come closer to the original.',
    'zeroth-order':
      'Give a smaller ε because fewer bytes are sent. Directions are public, so everybody can rebuild the adapter.',
  },
  noComparison: 'No comparison covers {{model}}',
  noComparisonText:
    'Memory, time and accuracy of the methods have not been measured on this base model. “npm run simulate -- compare” measures them.',
  measured: 'What was measured',
  comparison: 'Comparison',
  source: '{{data}} · ε = {{epsilon}}',
  sourceOpen: '{{data}} · without differential privacy',
  facts:
    'Measured on {{rows}} test rows that nobody trained on, {{clients}} participants, {{rounds}} rounds, seeds: {{seeds}}, backend {{backend}}; each method at its own best learning rate. Time and memory are those of that machine and those settings; memory includes the base model.',
  spread: '± is a 95 % interval over the seeds.',
  single: 'With one seed nobody can tell a difference from chance; more seeds give an interval.',
  untrained: 'The base model itself: {{accuracy}} (dashed where it is in the picture).',
  againstOpen:
    'Accuracy lost is the distance to the best method without differential privacy on the same data, seed by seed.',
  againstBest:
    'Accuracy lost is the distance to the best method of this comparison, seed by seed; nothing was measured without noise here.',
  unfair:
    'This comparison has FedSVD without FFA-LoRA with the orthonormal start beside it, so it is not drawn.',
  axis: 'Accuracy against',
  axes: { bytes: 'Bytes per round', memory: 'Memory', seconds: 'Seconds per round' },
  chart: 'Accuracy of the measured methods against {{axis}}. The numbers stand in the table below.',
  accuracy: 'Accuracy',
  starts: { orthonormal: 'orthonormal A', kaiming: 'Kaiming A' },
  device: {
    title: 'Whose seconds?',
    theirs: 'Those of the machine that ran the comparison (backend {{backend}}).',
    mine: 'Those of this device: the machine of the comparison (backend {{backend}}) times {{factor}}.',
    measure: 'Measure this device',
    measuring: 'Multiplying matrices: reading {{done}} of {{of}}, two seconds each',
    reading: 'This device: {{speed}} billion operations a second (backend {{backend}}).',
    rough: 'A rough guide: training is more than matrix products.',
    noReference:
      'The machine of the comparison was not measured by the same test, so its seconds stay as they are.',
    failed: 'This device could not be measured.',
  },
};
