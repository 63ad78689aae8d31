import type { Session } from '@roundtable/protocol';
import { create } from 'zustand';
import { parseSession } from './parse-session.ts';

/** One person may contribute and, as a presenter, also watch: the two sessions live side by side. */
export type SessionSlot = 'contributor' | 'staff';

const keyOf = (slot: SessionSlot): string => `roundtable.session.${slot}`;

/** The slot in which a session of this role is kept. */
export function slotOf(session: Session): SessionSlot {
  return session.role === 'contributor' ? 'contributor' : 'staff';
}

function load(slot: SessionSlot): Session | null {
  try {
    const session = parseSession(JSON.parse(localStorage.getItem(keyOf(slot)) ?? 'null'));
    return session && session.expiresAtMs > Date.now() ? session : null;
  } catch {
    return null;
  }
}

interface SessionState {
  contributor: Session | null;
  staff: Session | null;
  keep: (session: Session) => void;
  forget: (slot: SessionSlot) => void;
}

/** Sessions of this browser, kept over reloads until they expire. */
export const useSessions = create<SessionState>()((set) => ({
  contributor: load('contributor'),
  staff: load('staff'),
  keep: (session) => {
    const slot = slotOf(session);
    localStorage.setItem(keyOf(slot), JSON.stringify(session));
    set({ [slot]: session });
  },
  forget: (slot) => {
    localStorage.removeItem(keyOf(slot));
    set({ [slot]: null });
  },
}));
