export const enConsent = {
  consent: {
    title: 'What you agree to',
    who: 'Who runs this',
    whoUnknown: 'The operator has not given a name.',
    what: 'What for',
    whatUnknown: 'The admin has not stated a purpose.',
    task: 'Task',
    classification: 'Sorting texts into {{count}} labels: {{labels}}',
    generation: 'Writing answers to prompts',
    leaves: 'What leaves this device',
    leavesUpdate:
      'Per round: {{parameters}} numbers of {{bits}} bits each, {{bytes}} in all. In {{rounds}} rounds at most {{total}}.',
    leavesScalars:
      'Each number says how much the loss on your examples differs a small step forwards and backwards along one public random direction: {{directions}} directions in each of {{steps}} steps. No number of the adapter leaves, and none is trained by a backward pass: this device only reads your examples forwards.',
    leavesPresence:
      'A signed receipt of each round, about 1 kB: what it cost, without counts or losses. This device’s public key. That you are connected, ready or paused, the name you gave, and whether an update arrived.',
    leavesCount:
      'How many of your examples took part, up to {{max}}: this federation runs without differential privacy and weighs updates by it.',
    never: 'What never leaves it',
    neverText:
      'Texts, labels, file names, how many examples you have, your own training loss, your speed per example.',
    neverTextCounted: 'Texts, labels, file names, your own training loss, your speed per example.',
    comes: 'What comes to this device',
    comesText: 'The base model once ({{model}}), and the shared adapter each round ({{adapter}}).',
    comesScalars:
      'The base model once ({{model}}), and of each round a record of the averaged numbers ({{adapter}}), from which this device computes the shared adapter itself. Who comes later, or was away, fetches the records of the rounds she missed.',
    model: 'Base model',
    hash: 'SHA-256 of {{file}}',
    budget: 'Privacy budget (ε, smaller is more private)',
    observer: 'Who looks',
    perRound: 'Per round',
    total: 'All {{rounds}} rounds',
    hub: 'The hub',
    outside: 'People who see only the shared model',
    hubSentence: {
      example:
        'Whatever the hub suspected about any one of your examples, everything it receives can change the odds by a factor of at most {{factor}} (δ = {{delta}}).',
      client:
        'Whatever the hub suspected about all your examples together, everything it receives can change the odds by a factor of at most {{factor}} (δ = {{delta}}).',
    },
    outsideSentence:
      'For people who see only the shared model the factor is at most {{factor}}: they see only the sum, in which the noise of all participants adds up.',
    outsideSame: {
      'several-steps':
        'For people who see only the shared model we claim no more than for the hub: with several local steps a round, no smaller number has been proved.',
      'nonlinear-upload':
        'For people who see only the shared model we claim no more than for the hub: updates are rounded in blocks whose scale depends on each of them, and for sums of such updates no smaller number has been proved.',
      'other-noise':
        'For people who see only the shared model we claim no more than for the hub: Laplace noise of several people adds up to noise of another kind, for which no smaller number has been proved.',
      'too-few-clients':
        'For people who see only the shared model we claim no more than for the hub: a round may be made of so few people that the noise of the others hides nothing more.',
    },
    limit:
      'Your browser counts this itself and refuses any round that would take ε of this federation above {{budget}}.',
    offTitle: 'No differential privacy',
    offText:
      'This federation adds no noise. The hub could learn details of your examples from the numbers you send. Agree only if all your examples may become known.',
    revoke:
      'You can withdraw at any time under “My data”. Updates already combined cannot be taken out of the model.',
    version: 'Version of these conditions',
    agreed: 'You agreed to these conditions on this device.',
    changed: 'The conditions have changed since you agreed. Please read them again.',
    check: 'I have read this and agree to take part',
    agree: 'I agree',
  },
  protection: {
    unit: 'What is protected',
    units: {
      example: 'One example',
      client: 'Everything of one person',
    },
    unitText: {
      example:
        'One row of your file. Whether it was among your examples or not, the numbers that leave this device would look almost the same; ε measures this “almost”.',
      client:
        'All your examples together. Whether you trained with them or with none at all, the numbers that leave this device would look almost the same; ε measures this “almost”.',
    },
    spending: 'What you have spent at this hub',
    federation: 'In this federation (ε)',
    total: 'Over all federations of this hub (ε)',
    of: '{{spent}} of at most {{cap}}',
    counted:
      'Counted by this browser and by the hub’s own signed record of you; a round that stands in either of them counts.',
    fromHub:
      'The hub’s record adds rounds that this browser does not know ({{rounds}}): they were made on another device, or before this browser was cleared.',
    opening:
      'You came by an open link, which does not say who you are. So the rounds of whoever has spent most by it count as yours ({{rounds}}).',
    unverified: 'The hub’s signed record of your spending is not here.',
    unverifiedText:
      'Nothing is trained and nothing is sent until it has come and its signature holds.',
    nothingSpent: 'Nothing so far.',
    caps: 'Limits that no setting passes',
    capsNote:
      'The first column is compiled into this page, the second holds for everything on this hub.',
    capsLimit: 'Limit',
    capsPage: 'This page',
    capsHub: 'The organization',
    capsHere: 'This federation',
    capNames: {
      epsilon: 'Largest ε of a federation',
      total: 'Largest ε of a person over all federations of this hub',
      noise: 'Smallest noise multiplier σ',
      delta: 'Largest δ',
      steps: 'Most local steps of a round',
      scalars: 'Most numbers of a round that is trained forwards only',
      rounds: 'Most rounds',
      cohort: 'Fewest people of a round',
      off: 'May run without differential privacy',
    },
    yes: 'yes',
    no: 'no',
    open: 'What is not hidden',
    openPart:
      'That you take part, when, and in which rounds. The hub also sees when your device sends nothing because a step failed.',
    openRepeats: 'Facts that many of your examples repeat. For examples that say the same thing:',
    openPerson:
      'Facts that are true of many people here: what everybody’s examples have in common is what is learned.',
    openAdvice: 'Leave out rows that repeat the same private fact.',
    groupCount: 'Examples',
    groupEpsilon: 'ε against the hub',
    groupDelta: 'δ',
    groupNothing: 'no useful promise',
    ownRepeats:
      'In your file the most repeated text stands {{k}} times: for it, ε is {{epsilon}} (δ = {{delta}}).',
    ownRepeatsNothing:
      'In your file the most repeated text stands {{k}} times: for it, no useful promise holds. Leave out the copies if it is private.',
    page: 'Whom you trust for this page',
    pageText:
      'The hub serves this page, and your browser keeps to what the page’s code says. Whether it is the published code can be checked: compare the SHA-256 of its files with a build of your own (npm run verify-bundle).',
    pageLink: 'Hashes of this page’s files',
  },
};
