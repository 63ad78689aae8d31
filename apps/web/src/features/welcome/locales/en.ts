export const en = {
  hero: {
    title: 'Fine-tune a language model together. Keep the texts to yourselves.',
    text: 'Everybody around the table trains a small part of the model in their own browser. What goes to the middle is noise-protected numbers, and the table gets a better model back.',
    invited: 'I have an invitation',
    dashboard: 'Open the dashboard',
    contribute: 'Continue contributing',
  },
  steps: {
    title: 'What happens in a round',
    stay: 'Your texts stay',
    stayText:
      'Files are read in this tab and kept in this browser. No text, no file name and no row count leaves it.',
    learn: 'Your browser learns',
    learnText:
      'The frozen model runs on your device. A small adapter is trained on your examples, in the background.',
    noise: 'Noise is added',
    noiseText:
      'Each example’s influence is limited and random noise is added before anything is sent. How much that protects is counted as ε.',
    share: 'The table shares',
    shareText:
      'The hub averages everyone’s noisy numbers. The new adapter comes back to everybody for the next round.',
  },
  honest: {
    title: 'What it does not promise',
    text: 'The hub sees who took part and when. The noise limits what can be learned about a single example; facts that many of your examples repeat are protected less. Everything that is sent can be inspected, round by round.',
  },
};
