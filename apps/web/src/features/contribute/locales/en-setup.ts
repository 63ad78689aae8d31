export const enSetup = {
  page: {
    title: 'Contribute',
    opening: 'Taking you to the table…',
    noSession: 'Contributing needs an invitation.',
    noSessionTodo:
      'Open the invitation link that you were sent. It looks like an address that ends in “/join#…”.',
    toJoin: 'Enter an invitation link',
    secureTitle: 'This address is not secure enough to contribute.',
    secureWhy:
      'Browsers allow private storage, cryptography and the graphics processor only on https addresses or on this computer itself (localhost). Without them your contribution could not be protected.',
    secureTodo:
      'Ask for an https address of this hub. On a local network the person running it can start it with “--self-signed”.',
    unsupported: 'This browser cannot run the training in the background.',
    unsupportedTodo: 'Use a current version of Chrome, Edge, Firefox or Safari.',
    openFailed: 'Your seat could not be prepared.',
    openFailedKept: 'Nothing was sent. What is stored in this browser is unchanged.',
    otherTab: 'You already contribute in another tab of this browser.',
    otherTabTodo:
      'One tab per device is enough: both would draw on the same privacy budget, so this one spends nothing. Close the other tab and this one takes over by itself.',
    restarted: 'The training was restarted after a fault of the graphics processor.',
    restartedKept: 'Nothing was sent from the faulty step. Your data and receipts are kept.',
    gaveUp: 'The training stopped after repeated faults.',
    gaveUpTodo:
      'Reload the page to try again, or open it with “?backend=wasm” to work without the graphics processor.',
    left: 'You have left this federation.',
    leftText:
      'Your consent is withdrawn, and what this browser kept for it is deleted. Updates already combined with others’ cannot be taken out again.',
  },
  steps: {
    label: 'Preparation',
    about: 'What happens',
    consent: 'Your agreement',
    device: 'This device',
    data: 'Your examples',
    count: 'Step {{n}} of {{total}}',
    done: 'done',
  },
  about: {
    title: 'What happens if you take a seat',
    stay: 'What you load stays on this device',
    stayText:
      'Files are read in this tab and kept in this browser’s own storage. Texts, labels and file names are never sent, and the number of rows only where a federation runs without differential privacy and its terms say so.',
    learned: 'What is learned may be sent',
    learnedText:
      'Your browser trains a small add-on to a language model, called an adapter. After each round the change of this adapter is what goes to the hub.',
    learnedScalarsText:
      'Your browser tries small changes of an add-on to a language model, called an adapter, along directions drawn from public random numbers. How much better or worse each of them predicts your examples: these few differences are what goes to the hub after each round, never numbers of the adapter.',
    noisy: 'As noisy numbers, not as text',
    noisyText:
      'Each example’s influence is limited, and random noise is added in this tab before anything leaves. Every round you can look at the exact numbers that were sent.',
    noisyClientText:
      'The influence of all your examples together is limited, and random noise is added in this tab before anything leaves. Every round you can look at the exact numbers that were sent.',
    noisyOff: 'As numbers, not as text — but without noise',
    noisyOffText:
      'This federation runs without differential privacy. The numbers are not protected by noise and may reveal something about your examples.',
    combined: 'It is combined with others’',
    combinedText:
      'The hub averages the updates of at least {{minimum}} people. The result comes back to everyone and makes the model better at: {{name}}.',
    limits:
      'What this does not hide: that you take part, when, and facts that many of your examples repeat.',
    next: 'Read the conditions',
  },
  device: {
    title: 'Can this device take part?',
    text: 'Two seconds of calculation show how this device would train. Then the base model is fetched once and kept in this browser.',
    run: 'Check this device',
    checking: 'Measuring for two seconds…',
    backend: 'Computes with',
    backends: {
      webgpu: 'Graphics processor',
      wasm: 'Processor',
      cpu: 'Processor',
    },
    technologies: {
      webgpu: 'WebGPU',
      wasm: 'WebAssembly',
      cpu: 'plain JavaScript',
    },
    why: {
      best: 'The fastest way this browser offers.',
      'no-webgpu': 'This browser offers no WebGPU. It works, only slower.',
      'software-gpu': 'The graphics processor is only simulated here, so the processor is faster.',
      'webgpu-failed': 'The graphics processor did not start. It works without, only slower.',
      forced: 'Chosen in this page’s address.',
    },
    speed: 'Speed',
    speeds: { fast: 'fast', enough: 'enough', slow: 'slow' },
    gigaflops: '{{value}} billion operations a second',
    slowText:
      'Rounds may take long on this device. You can contribute; choose Full power if nothing else needs it.',
    memory: 'Memory',
    memoryHint: 'as the browser tells it',
    storage: 'Free storage',
    storageHint: 'for this page',
    unknown: 'not told',
    unusable: 'This device cannot run the training.',
    unusableTodo: 'Try another browser, or update this one.',
    model: 'Base model',
    fetch: 'Fetch the base model ({{bytes}})',
    resume: 'Continue fetching ({{bytes}} left)',
    fetching: 'Fetching {{file}}',
    progress: '{{done}} of {{total}}',
    cancel: 'Pause fetching',
    stored: 'Stored in this browser and its SHA-256 verified.',
    storedAgain: 'Already stored in this browser; nothing had to be fetched.',
    failed: {
      network: 'The connection broke while fetching the model.',
      'hash-mismatch': 'The model file did not have the agreed SHA-256 and was thrown away.',
      'storage-full': 'There is not enough free storage for the model.',
      refused: 'The hub did not hand out the model.',
      storage: 'The browser’s storage could not be used.',
    },
    failedKept: '{{done}} are kept; fetching goes on from there.',
    failedTodo: {
      network: 'Check the network and continue.',
      'hash-mismatch': 'Fetch it again. If it fails again, tell the person who runs the hub.',
      'storage-full': 'Free some space on this device and try again.',
      refused: 'Open your invitation link again.',
      storage: 'Leave private browsing, or allow this page to store data, and try again.',
    },
  },
};
