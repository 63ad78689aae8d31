import type { DashboardEvent } from '@roundtable/protocol';
import { dashboardEventSchema, dashboardSnapshotSchema } from '@roundtable/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, connect, makeFrame, until } from '../testing/test-client.ts';
import { completed, testFederations } from '../testing/test-federations.ts';

const { started, sockets, closeAll } = testFederations();
afterEach(closeAll);

describe('a dashboard', () => {
  it('sees the whole picture first and every change after, each fitting the schema', async () => {
    const { test, join, record, federationId } = await started({ rounds: 2 });
    const viewer = await connect(test.url, test.admit(federationId, 'viewer').token);
    sockets.push(viewer);
    const events: DashboardEvent[] = [];
    viewer.on('dashboard:event', (event) => events.push(event));
    const snapshot = await ask(viewer, 'dashboard:watch', { federationId: null });
    expect(dashboardSnapshotSchema.parse(snapshot).federations).toHaveLength(1);
    await Promise.all([join(), join(), join()]);
    await until('the federation has finished', () => record().phase === 'stopped');
    const isOver = (event: DashboardEvent): boolean =>
      event.kind === 'federation' && event.federation.phase === 'stopped';
    await until('the dashboard knows', () => events.some(isOver));
    for (const event of events) expect(dashboardEventSchema.parse(event)).toEqual(event);
    const rounds = events.filter((event) => event.kind === 'round').map(({ round }) => round);
    for (const expected of record().rounds) {
      expect(rounds.filter(({ round }) => round === expected.round).at(-1)).toMatchObject({
        state: 'completed',
        evalLoss: expected.evalLoss,
        accepted: 3,
      });
    }
    expect(new Set(events.map(({ kind }) => kind))).toEqual(
      new Set(['federation', 'round', 'client']),
    );
  });

  it('sees each round completed, although the next one opens in the same moment', async () => {
    const events: DashboardEvent[] = [];
    const states = (round: number): string[] =>
      events.flatMap((event) =>
        event.kind === 'round' && event.round.round === round ? [event.round.state] : [],
      );
    let evaluated = 0;
    // The evaluation takes until the dashboard has been told that the round is being added up.
    const evaluator = {
      evaluate: async (_federationId: string, weights: unknown) => {
        if (weights !== null) {
          evaluated += 1;
          await until('the dashboard knows', () => states(evaluated).includes('aggregating'));
        }
        return { loss: 1, accuracy: 0.5 };
      },
      forget: () => undefined,
    };
    const { test, join, record, federationId } = await started({ rounds: 3 }, { evaluator });
    const viewer = await connect(test.url, test.admit(federationId, 'viewer').token);
    sockets.push(viewer);
    viewer.on('dashboard:event', (event) => events.push(event));
    await ask(viewer, 'dashboard:watch', { federationId: null });
    await Promise.all([join(), join(), join()]);
    await until('the federation has finished', () => record().phase === 'stopped');
    await until('the dashboard knows the last round', () => states(3).at(-1) === 'completed');
    expect([1, 2, 3].map((round) => states(round).at(-1))).toEqual(new Array(3).fill('completed'));
  });

  it('sees bytes of at least the frames that were sent, and none of its own', async () => {
    const { test, join, record, manifest, spec, federationId } = await started({ rounds: 1 });
    const viewer = await connect(test.url, test.admit(federationId, 'viewer').token);
    sockets.push(viewer);
    await ask(viewer, 'dashboard:watch', { federationId: 'x'.repeat(50_000) });
    const clients = await Promise.all([join(), join(), join()]);
    await until('the round is over', () => completed(record()) === 1);
    const { clientId } = clients[0].welcome;
    const frame = await makeFrame(manifest, spec, clientId, 1);
    const [round] = record().rounds;
    expect(round!.bytesUp).toBeGreaterThanOrEqual(3 * frame.length);
    expect(round!.bytesUp).toBeLessThan(3 * (frame.length + 2_000));
    expect(round!.bytesDown).toBeGreaterThan(0);
  });
});
