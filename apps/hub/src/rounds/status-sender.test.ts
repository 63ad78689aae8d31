import type { RoundStatus } from '@roundtable/federated';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { StatusSender } from './status-sender.ts';

const status = (
  presentClients: number,
  phase: RoundStatus['phase'] = 'recruiting',
): RoundStatus => ({
  phase,
  completedRounds: 0,
  presentClients,
  neededClients: 3,
});

function senderWithLog() {
  const clock = manualClock();
  const sent: string[] = [];
  const sender = new StatusSender(clock, ({ phase, presentClients }) => {
    sent.push(`${phase} ${presentClients}`);
  });
  return { clock, sender, sent };
}

describe('the status', () => {
  it('of a thousand arrivals within a second goes out five times, the last one with the last count', () => {
    const { clock, sender, sent } = senderWithLog();
    for (let present = 1; present <= 1_000; present += 1) {
      sender.send(status(present));
      clock.advance(1);
    }
    clock.advance(250);
    expect(sent).toEqual([
      'recruiting 1',
      'recruiting 250',
      'recruiting 500',
      'recruiting 750',
      'recruiting 1000',
    ]);
  });

  it('of a new phase goes out at once, and what waited before it does not follow', () => {
    const { clock, sender, sent } = senderWithLog();
    sender.send(status(1));
    sender.send(status(2));
    sender.send(status(3, 'training'));
    clock.advance(10_000);
    expect(sent).toEqual(['recruiting 1', 'training 3']);
  });

  it('is not sent after closing', () => {
    const { clock, sender, sent } = senderWithLog();
    sender.send(status(1));
    sender.send(status(2));
    sender.close();
    clock.advance(10_000);
    expect(sent).toEqual(['recruiting 1']);
  });
});
