import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { epsilonOf } from '@roundtable/privacy';
import { verifySpending } from '@roundtable/receipts';
import { clientOfOpenLink } from '../auth/accounts.ts';
import { reasonOf } from '../testing/open-round.ts';
import { ask, makeFrame, until } from '../testing/test-client.ts';
import type { TestClient } from '../testing/test-client.ts';
import { completed, testFederations } from '../testing/test-federations.ts';
import { openSession, tinyFederation } from '../testing/test-hub.ts';
import { toRanges } from './spending-statement.ts';

const { started, closeAll } = testFederations();
afterEach(closeAll);

/** Rounds wait ten minutes for two clients that answer only when the test says so. */
const patient = {
  cohort: { minimum: 2, target: 2, overSelection: 1, deadlineSeconds: 600, minimumFraction: 1 },
};

async function opened(overrides: Parameters<typeof started>[0] = patient) {
  const around = await started(overrides);
  const [first, second] = await Promise.all([
    around.join({ isSilent: true }),
    around.join({ isSilent: true }),
  ]);
  await until('round 1 is open', () => first.announced.length === 1);
  const { federationId, test } = around;
  const clientOf = ({ welcome }: TestClient) =>
    test.store.clients.find(federationId, welcome.clientId)!;
  const spentBy = (client: TestClient): readonly number[] =>
    test.store.spending
      .ofAccount(clientOf(client).accountId)
      .flatMap((spent) => (spent.federationId === federationId ? spent.rounds : []));
  const frameOf = (client: TestClient, round: number, change = {}) =>
    makeFrame(around.manifest, around.spec, client.welcome.clientId, round, change);
  return { ...around, first, second, spentBy, frameOf, clientOf };
}

describe('the spending record', () => {
  it('counts a round with its update, once, however often the update is sent', async () => {
    const { first, second, spentBy, frameOf, record } = await opened();
    const frame = await frameOf(first, 1);
    await first.submit(1, frame);
    await first.submit(1, frame);
    expect(spentBy(first)).toEqual([1]);
    expect(spentBy(second)).toEqual([]);
    const epsilonAfter = (steps: number) =>
      epsilonOf([{ ...first.plan!, count: steps, round: 1 }], 1e-5);
    const epsilons = record().clients.map(({ clientId, epsilon }) => [clientId, epsilon]);
    expect(Object.fromEntries(epsilons)).toEqual({
      [first.welcome.clientId]: epsilonAfter(2),
      [second.welcome.clientId]: 0,
    });
  });

  it('counts a round whose update was seen and refused', async () => {
    const { first, second, spentBy, frameOf } = await opened();
    const tooLarge = await frameOf(first, 1, { scale: 1e5 });
    expect(await reasonOf(first.submit(1, tooLarge))).toBe('norm-too-large');
    expect(spentBy(first)).toEqual([1]);
    const receipt = await second.device.sign({
      ...(await first.device.receiptFor(first.subject(1, tooLarge))).receipt,
      clientId: second.welcome.clientId,
    });
    const refused = second.submit(1, await frameOf(second, 1), receipt);
    expect(await reasonOf(refused)).toBe('bad-receipt');
    expect(spentBy(second)).toEqual([1]);
  });

  it('counts a round whose update came too late', async () => {
    const { first, spentBy, frameOf, record, join } = await opened({
      ...patient,
      cohort: { ...patient.cohort, target: 3, minimumFraction: 0.5, deadlineSeconds: 0.5 },
    });
    await join();
    await until('round 1 is over', () => record().rounds[0]?.endedAtMs !== null);
    const answer = first.submit(1, await frameOf(first, 1));
    expect(await reasonOf(answer)).toBe('round-closed');
    expect(spentBy(first)).toEqual([1]);
  });

  it('counts a failure after training may have begun, and no other way of declining', async () => {
    const { first, second, spentBy, federationId, record } = await opened();
    const decline = (client: TestClient, reason: string) =>
      ask(client.socket, 'round:decline', { federationId, round: 1, reason });
    await decline(first, 'paused');
    expect(spentBy(first)).toEqual([]);
    await decline(second, 'failed-closed');
    expect(spentBy(second)).toEqual([1]);
    await until('the round is given up', () => record().rounds[0]?.state === 'abandoned');
    // What the round cost stands in its record although nothing came of it.
    expect(record().rounds[0]!.epsilon).toBeGreaterThan(0);
  });

  it('does not count what is no frame, of another client, of a round to come, or of who was not asked', async () => {
    const { first, second, spentBy, frameOf, join } = await opened();
    const outsider = await join({ isSilent: true });
    await first.submit(1, new Uint8Array(300));
    await first.submit(1, await frameOf(second, 1));
    await first.submit(9, await frameOf(first, 9));
    await outsider.submit(1, await frameOf(outsider, 1));
    expect([first, second, outsider].map(spentBy)).toEqual([[], [], []]);
  });

  it('is signed for the client with every welcome, and outlives the federation', async () => {
    const { test, first, frameOf, federationId, manifest, clientOf, join } = await opened();
    await first.submit(1, await frameOf(first, 1));
    const { accountId, clientId } = clientOf(first);
    const token = openSession(test.store, 'contributor', federationId, clientId);
    const again = await join({
      isSilent: true,
      admitted: { token, clientId },
      device: first.device,
    });
    const { spending } = again.welcome;
    expect(await verifySpending(spending, manifest.hubPublicKey)).toBe(true);
    expect(spending.statement).toEqual({
      version: 1,
      hubPublicKey: manifest.hubPublicKey,
      accountId,
      federations: [
        {
          federationId,
          release: first.plan,
          releasesPerRound: 2,
          rounds: [[1, 1]],
          openingRounds: 0,
        },
      ],
    });
    await test.hub.deleteFederation(federationId, 'admin');
    expect(test.store.spending.ofAccount(accountId)[0]?.rounds).toEqual([1]);
  });

  it('is what alerts and opening rounds go by', async () => {
    const { test, first, second, frameOf, record, federationId } = await opened({
      ...patient,
      // σ = 4, two steps a round, δ = 1e-5: the first round costs 1.35
      privacy: { ...tinyFederation().settings.privacy!, epsilonBudget: 1.3 },
    });
    await first.submit(1, await frameOf(first, 1));
    await second.submit(1, await frameOf(second, 1));
    await until('round 1 is completed', () => completed(record()) === 1);
    await until('the budget is reported', () => record().alerts.length > 0);
    expect(record().alerts.map(({ kind }) => kind)).toContain('budget-100');
    const arrival = { federationId, displayName: '', nowMs: 5 };
    const opening = (isSimulated: boolean): number => {
      const { accountId } = clientOfOpenLink(test.store, { ...arrival, isSimulated });
      return test.store.spending.spentRounds(accountId, federationId);
    };
    // The two so far are simulated, and so protect nobody who might come back.
    expect(opening(false)).toBe(0);
    for (const client of test.store.clients.list(federationId)) {
      test.store.clients.put({ ...client, isSimulated: false });
    }
    expect(opening(false)).toBe(1);
    expect(opening(true)).toBe(0);
  });

  it('counts opening rounds on and on: who comes back a third time brings both times along', async () => {
    const { test, federationId } = await started();
    const { spending } = test.store;
    const come = () =>
      clientOfOpenLink(test.store, { federationId, displayName: '', isSimulated: false, nowMs: 1 });
    const spend = (accountId: string, rounds: number[]) => {
      for (const round of rounds) spending.record(accountId, federationId, round, 1);
    };
    spend(come().accountId, [1, 2]);
    const second = come();
    spend(second.accountId, [3, 4, 5]);
    const third = come();
    const statement = await test.hub.spending(federationId, third.clientId);
    // 2 rounds the first time, 3 the second, and perhaps it was the same person all along.
    expect(statement?.statement.federations).toMatchObject([{ rounds: [], openingRounds: 5 }]);
  });
});

describe('ranges', () => {
  it('hold exactly the rounds that they were made of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), (rounds) => {
        const rising = [...rounds].sort((a, b) => a - b);
        const ranges = toRanges(rising);
        const unrolled = ranges.flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, i) => from + i),
        );
        expect(unrolled).toEqual(rising);
        ranges.slice(1).forEach(([from], i) => {
          expect(from).toBeGreaterThan(ranges[i]![1] + 1);
        });
      }),
    );
  });
});
