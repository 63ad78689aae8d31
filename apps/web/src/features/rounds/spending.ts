import type { ClientRecord } from '@roundtable/protocol';

/** From this share of the budget on, a person is near its end. */
const NEAR_SHARE = 0.8;
/** From here on another round hardly ever fits. */
const END_SHARE = 0.95;
const BINS = 10;

export type Standing = 'fine' | 'near' | 'end';

/** How much of the budget one contributor has used, by the hub's record. */
export interface Spent {
  client: ClientRecord;
  epsilon: number;
  /** Of the budget; a last round that ends a hair above it counts as 1. */
  share: number;
  standing: Standing;
}

function standingOf(share: number): Standing {
  if (share >= END_SHARE) return 'end';
  return share >= NEAR_SHARE ? 'near' : 'fine';
}

/** All contributors by the share of the budget that they have spent, the largest first. */
export function spentByShare(clients: readonly ClientRecord[], epsilonBudget: number): Spent[] {
  return clients
    .map((client) => {
      const epsilon = client.epsilon ?? 0;
      const share = Math.min(1, epsilon / epsilonBudget);
      return { client, epsilon, share, standing: standingOf(share) };
    })
    .sort((a, b) => b.share - a.share || a.client.joinedAtMs - b.client.joinedAtMs);
}

export interface SpentBin {
  /** Shares of the budget that the bin covers; the last one includes 1. */
  from: number;
  to: number;
  people: number;
  simulated: number;
}

/** How many people, and how many simulated ones, have spent which tenth of the budget. */
export function spentBins(spent: readonly Spent[]): SpentBin[] {
  const bins = Array.from({ length: BINS }, (_, i) => ({
    from: i / BINS,
    to: (i + 1) / BINS,
    people: 0,
    simulated: 0,
  }));
  for (const { share, client } of spent) {
    const bin = bins[Math.min(BINS - 1, Math.floor(share * BINS))]!;
    if (client.isSimulated) bin.simulated += 1;
    else bin.people += 1;
  }
  return bins;
}
