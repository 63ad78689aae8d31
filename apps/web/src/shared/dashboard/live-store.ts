import type { DashboardEvent, DashboardSnapshot, RefusalReason } from '@roundtable/protocol';
import { create } from 'zustand';
import type { Federations } from './reduce.ts';
import { applyEvent, fromSnapshot } from './reduce.ts';

export type LiveStatus =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** The picture stays as it was; the socket tries again by itself. */
  | { kind: 'reconnecting' }
  | { kind: 'refused'; reason: RefusalReason; detail: string };

interface LiveState {
  status: LiveStatus;
  federations: Federations;
  /** Hub's clock minus this device's, in milliseconds. */
  clockOffsetMs: number;
  setStatus: (status: LiveStatus) => void;
  receive: (snapshot: DashboardSnapshot, localNowMs: number) => void;
  apply: (event: DashboardEvent) => void;
  clear: () => void;
}

const empty = {
  status: { kind: 'connecting' } as LiveStatus,
  federations: new Map() as Federations,
  clockOffsetMs: 0,
};

/** The live picture that all dashboard pages read. */
export const useLive = create<LiveState>()((set) => ({
  ...empty,
  setStatus: (status) => {
    set({ status });
  },
  receive: (snapshot, localNowMs) => {
    set({
      status: { kind: 'live' },
      federations: fromSnapshot(snapshot),
      clockOffsetMs: snapshot.nowMs - localNowMs,
    });
  },
  apply: (event) => {
    set((state) => ({ federations: applyEvent(state.federations, event) }));
  },
  clear: () => {
    set(empty);
  },
}));
