import type { DashboardEvent } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { DashboardFeed } from './dashboard-feed.ts';

const deleted = (federationId: string): DashboardEvent => ({
  kind: 'federation-deleted',
  federationId,
});

function feedWithLog() {
  const clock = manualClock();
  const feed = new DashboardFeed(clock);
  const seen: string[] = [];
  const stop = feed.subscribe((event) => {
    if (event.kind === 'federation-deleted') seen.push(event.federationId);
  });
  return { clock, feed, seen, stop };
}

describe('the feed', () => {
  it('tells a change at once when it was idle', () => {
    const { clock, feed, seen } = feedWithLog();
    feed.touch('a', () => deleted('a'));
    clock.advance(0);
    expect(seen).toEqual(['a']);
  });

  it('tells a thing that changes all the time four times a second, with its newest value', () => {
    const { clock, feed, seen } = feedWithLog();
    for (let ms = 0; ms < 1_000; ms += 10) {
      feed.touch('a', () => deleted(`at ${ms}`));
      clock.advance(10);
    }
    expect(seen).toEqual(['at 0', 'at 250', 'at 500', 'at 750']);
  });

  it('leaves out what no longer exists when it would be told', () => {
    const { clock, feed, seen } = feedWithLog();
    feed.touch('a', () => null);
    feed.touch('b', () => deleted('b'));
    clock.advance(0);
    expect(seen).toEqual(['b']);
  });

  it('tells nothing after the listener has gone', () => {
    const { clock, feed, seen, stop } = feedWithLog();
    stop();
    feed.touch('a', () => deleted('a'));
    clock.advance(1_000);
    expect(seen).toEqual([]);
  });
});
