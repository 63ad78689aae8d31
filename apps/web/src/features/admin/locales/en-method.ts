/** What the create form says about methods. */
export const enMethod = {
  sections: {
    method: {
      title: 'Method',
      note: 'How devices train and what travels. All of them stand side by side below the form.',
    },
    zerothOrder: {
      tensorsNote: 'As in the adapter’s file: the module’s path, then lora_A or lora_B.',
      stages: 'Stages (DP-ZOSO)',
      stagesNote: 'Each stage lasts twice as long as the one before, at half its learning rate.',
      mask: 'Train a masked share (DP-ZOPO)',
      maskNote:
        'A ranking that looks at no data keeps a share of the weights. It costs no privacy.',
    },
  },
  names: {
    'ffa-lora': 'FFA-LoRA (A stays fixed)',
    lora: 'LoRA (A and B; a baseline)',
    fedsvd: 'FedSVD (the hub refactors A and B)',
    fedlpp: 'FedLPP (a codebook on the way down)',
    'zeroth-order': 'Zeroth order (forward passes only)',
  },
  notes: {
    'ffa-lora':
      'Averages exactly and sends half the bytes of LoRA. A random A of low rank may miss directions.',
    lora: 'Trains both factors: the average is inexact and noise enters twice. For comparison.',
    fedsvd:
      'Gives A orthonormal rows after a round. Protects as FFA-LoRA does; an orthonormal start of FFA-LoRA did as well in our measurements.',
    fedlpp:
      'Fewer bits on the way down. That participants hold a worse model is measured every round, not promised.',
    'zeroth-order':
      'Devices only run the model forward and send a few numbers, however large the model is. It learns more slowly per round.',
  },
  fields: {
    directions: 'Directions K per step',
    scale: 'Distance μ of the two passes',
    distribution: 'Directions are drawn from',
    noise: 'Noise on the scalars',
    weights: 'Weights that move',
    tensors: 'Tensors',
    stages: {
      firstStageRounds: 'Rounds of the first stage',
      proximal: 'Pull to the stage’s start γ',
    },
    mask: {
      share: 'Share that is kept',
      end: 'End of the ranking',
      mode: 'Weight of what is kept',
    },
  },
  choices: {
    distribution: { rademacher: '±1 (Rademacher)', gaussian: 'Gaussian' },
    noise: { gaussian: 'Gaussian', laplace: 'Laplace (DP-ZO)' },
    weights: { B: 'all of B', named: 'tensors by name' },
    mask: {
      end: { lowest: 'lowest scores', highest: 'highest scores' },
      mode: { normal: 'all alike', rank: '1.2 to 0.8 by rank' },
    },
  },
};
