import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { routingFederation } from './routing-federation.ts';
import { DEPARTMENTS } from './templates.ts';

const small = { clients: 3, examplesPerClient: 40, validationSize: 24, testSize: 48 };

describe('routingFederation', () => {
  it('is the same for the same options and another for another seed', () => {
    const first = routingFederation({ seed: 'a', ...small });
    expect(routingFederation({ seed: 'a', ...small })).toEqual(first);
    expect(routingFederation({ seed: 'b', ...small }).test).not.toEqual(first.test);
  });

  it('keeps a client as it is when others are added', () => {
    const three = routingFederation({ seed: 'a', ...small });
    const five = routingFederation({ seed: 'a', ...small, clients: 5 });
    expect(five.clients.slice(0, 3)).toEqual(three.clients);
  });

  it('draws each split from its own templates', () => {
    const { clients, validation, test } = routingFederation({ seed: 'a', ...small });
    const ids = (texts: { templateId: string }[]) => texts.flatMap((t) => t.templateId.split(' '));
    expect(ids(clients.flat()).every((id) => id.includes('/train/'))).toBe(true);
    expect(ids(validation).every((id) => id.includes('/validation/'))).toBe(true);
    expect(ids(test).every((id) => id.includes('/test/'))).toBe(true);
  });

  it('balances test labels and languages: 48 messages are 4 of each label, 24 Japanese', () => {
    const { labels, test } = routingFederation({ seed: 'a', ...small });
    for (const label of labels) expect(test.filter((t) => t.label === label)).toHaveLength(4);
    expect(test.filter((t) => t.language === 'ja')).toHaveLength(24);
  });

  it('leaves no slot open', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { clients, test } = routingFederation({ seed, ...small });
        return [...clients.flat(), ...test].every(({ text }) => !/[{}]/u.test(text));
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it('skews labels more at a smaller concentration', () => {
    const largestShare = (skew: number) => {
      const { clients } = routingFederation({
        seed: 'a',
        clients: 12,
        examplesPerClient: 120,
        skew,
      });
      const shares = clients.map((client) =>
        Math.max(...DEPARTMENTS.map(({ label }) => client.filter((i) => i.label === label).length)),
      );
      return shares.reduce((sum, share) => sum + share, 0) / (12 * 120);
    };
    expect(largestShare(0.1)).toBeGreaterThan(0.5);
    expect(largestShare(Infinity)).toBeLessThan(0.2);
  });

  it('refuses counts below one and a skew of zero', () => {
    expect(() => routingFederation({ seed: 'a', ...small, clients: 0 })).toThrow(/clients.*0/u);
    expect(() => routingFederation({ seed: 'a', ...small, skew: 0 })).toThrow(/skew.*0/u);
  });
});
