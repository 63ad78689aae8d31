import { describe, expect, it } from 'vitest';
import { clientRecord } from '../../testing/federation.ts';
import { spentBins, spentByShare } from './spending.ts';

const clients = [
  clientRecord({ clientId: 'client-0001', epsilon: 1 }),
  clientRecord({ clientId: 'client-0002', epsilon: 6.4 }),
  clientRecord({ clientId: 'client-0003', epsilon: 8, isSimulated: true }),
  clientRecord({ clientId: 'client-0004', epsilon: null }),
];

describe('spentByShare', () => {
  it('puts whoever is at the end first and says how each one stands', () => {
    const spent = spentByShare(clients, 8);
    expect(spent.map(({ client, share, standing }) => [client.clientId, share, standing])).toEqual([
      ['client-0003', 1, 'end'],
      ['client-0002', 0.8, 'near'],
      ['client-0001', 0.125, 'fine'],
      ['client-0004', 0, 'fine'],
    ]);
  });

  it('never shows more than the whole budget', () => {
    expect(spentByShare([clientRecord({ epsilon: 8.001 })], 8)[0]!.share).toBe(1);
  });
});

describe('spentBins', () => {
  it('counts everybody once, simulated people apart, a full budget in the last tenth', () => {
    const bins = spentBins(spentByShare(clients, 8));
    expect(bins).toHaveLength(10);
    expect(bins.reduce((sum, { people, simulated }) => sum + people + simulated, 0)).toBe(4);
    expect(bins[0]).toMatchObject({ people: 1, simulated: 0 });
    expect(bins[1]).toMatchObject({ people: 1, simulated: 0 });
    expect(bins[8]).toMatchObject({ people: 1, simulated: 0 });
    expect(bins[9]).toMatchObject({ people: 0, simulated: 1 });
  });
});
