import { Observable } from './observable.ts';
import { initialParticipantState } from './participant-state.ts';
import type { ParticipantActivity, ParticipantState } from './participant-state.ts';

/** What the person is shown, and its listeners. */
export class ParticipantView extends Observable<ParticipantState> {
  constructor() {
    super(initialParticipantState);
  }

  get activity(): ParticipantActivity {
    return this.value.activity;
  }

  show(activity: ParticipantActivity): void {
    this.set({ activity });
  }

  addSent(bytes: number): void {
    this.set({ sentBytes: this.value.sentBytes + bytes });
  }

  addReceived(bytes: number): void {
    this.set({ receivedBytes: this.value.receivedBytes + bytes });
  }

  addAccepted(): void {
    this.set({ acceptedRounds: this.value.acceptedRounds + 1 });
  }

  /** The hub took the update of this round, and its countersignature did not hold. */
  noteUncountersigned(round: number): void {
    const detail = "the countersignature is not the hub's, or not of this receipt";
    this.set({ uncountersigned: { round, detail } });
  }
}
