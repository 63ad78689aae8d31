import type { UploadFormat } from '@roundtable/methods';
import { secureRandom } from '@roundtable/random';
import type { RoundBudget } from './budget.ts';
import type { Sleeper } from './clock.ts';
import type { GlobalAdapter } from './global-adapter.ts';
import type { Membership } from './membership.ts';
import type { ParticipantOptions } from './participant-options.ts';
import type { ParticipantView } from './participant-view.ts';
import type { OpenRound, RoundRunner } from './round-runner.ts';
import type { RoundWork } from './round-work.ts';

/** The parts of a participant that a round works with. */
export interface Workshop {
  readonly options: ParticipantOptions;
  readonly format: UploadFormat;
  readonly globalAdapter: GlobalAdapter;
  readonly budget: RoundBudget;
  readonly sleeper: Sleeper;
  readonly membership: Membership;
  readonly runner: RoundRunner;
  readonly view: ParticipantView;
  /** First round's learning rate as it stands now. */
  readonly learningRate: number;
  /** Ends taking part where the work on the store fails. */
  guardStorage<T>(work: Promise<T>): Promise<T | undefined>;
}

/** A round and all it needs; null where there is no joined connection to begin on. */
export function workOn(workshop: Workshop, open: OpenRound): RoundWork | null {
  const { options, membership, runner, view, sleeper, learningRate } = workshop;
  const { format, globalAdapter, budget } = workshop;
  const { welcome } = membership;
  if (welcome === null) return null;
  const { clock, random, ...given } = options;
  const { announcement, deadlineMs } = open;
  return {
    ...given,
    format,
    globalAdapter,
    budget,
    announcement,
    deadlineMs,
    learningRate,
    clientId: welcome.clientId,
    maxFrameBytes: welcome.maxFrameBytes,
    random: random ?? secureRandom(),
    nowMs: () => clock.nowMs(),
    sleep: (delayMs) => sleeper.sleep(delayMs),
    isJoined: () => membership.welcome !== null,
    isSubmitted: () => open.isSubmitted,
    halted: () => runner.halted(open),
    show: (activity) => {
      if (open.halt === null) view.show(activity);
    },
    received: (bytes) => {
      view.addReceived(bytes);
    },
    acknowledged: async (receipt) => {
      if (receipt === null) view.noteUncountersigned(announcement.round);
      else await workshop.guardStorage(options.store.appendReceipt(receipt));
    },
  };
}
