/** Beginning a federation with another one's adapter. */
export const enStart = {
  title: 'A new federation from “{{name}}”',
  on: 'Begin with its adapter after round {{round}}',
  onUntrained: 'Begin with its adapter, which has not been trained yet',
  carries: 'Comes along: the adapter as the hub has it, and the settings below.',
  fresh: 'Comes along: the settings below. The adapter begins anew.',
  leaves:
    'Does not come along: rounds, curves, invitations and consent. Invite people again; each of them agrees to the new settings.',
  budget:
    'What people have spent stays spent. It counts toward the total that their pages allow on this hub.',
  evaluation:
    'The evaluation set stays with the old federation. Choose it again below, or curves stay empty.',
  running: '“{{name}}” goes on until somebody pauses or stops it.',
  faults: {
    'base-model': 'The adapter belongs to another base model.',
    adapter: 'The adapter has another shape or another start of A.',
    'moved-a': 'This method cannot begin there.',
  },
  todo: {
    'base-model': 'Choose the same base model, or begin with a fresh adapter.',
    adapter:
      'Rank, alpha, modules, layers, start and seed of A must be as they are there. Or begin with a fresh adapter.',
    'moved-a':
      'The other method has changed A, and this one never sends A to participants. Choose LoRA or FedSVD, or begin with a fresh adapter.',
  },
  menu: 'Compare or switch the method…',
  dialog: 'Methods for this federation',
  dialogNote:
    'A running federation keeps its method. Switching makes a new one that begins with the current adapter where that is meaningful; this one is not touched.',
  noModel: 'This hub does not serve the base model {{model}} any more.',
  use: 'Switch to it',
  onlyFresh: 'Only with a fresh adapter: A has changed, and this method never sends it.',
};
