import type { FederationManifest, RefusalReason } from '@roundtable/protocol';
import { create } from 'zustand';
import type {
  DataState,
  DeviceState,
  FatalReason,
  FederationFacts,
  ModelState,
  PreviewRow,
  ReceiptView,
  ReceiptsCheck,
  SentUpdate,
  SpendingView,
  TrainingState,
  TrialState,
  WorkerEvent,
} from '../../worker/messages.ts';

export type SetupStep = 'about' | 'consent' | 'device' | 'data';
export const setupSteps: readonly SetupStep[] = ['about', 'consent', 'device', 'data'];

export interface ContributorState {
  status: 'opening' | 'open' | 'failed' | 'left';
  openFailure: {
    reason: RefusalReason | 'unreachable' | 'unsupported-model' | 'storage';
    detail: string;
  } | null;
  manifest: FederationManifest | null;
  facts: FederationFacts | null;
  consentVersion: string | null;
  isSeatHeld: boolean;
  device: DeviceState;
  model: ModelState;
  data: DataState;
  rows: { offset: number; rows: PreviewRow[]; rowCount: number };
  training: TrainingState | null;
  spending: SpendingView | null;
  receipts: ReceiptView[];
  /** What the last check of the receipts found; null before one and once receipts have changed. */
  receiptsCheck: ReceiptsCheck | null;
  /** Text of the receipt file that the page is to save. */
  receiptFile: string | null;
  sent: SentUpdate | null;
  trial: TrialState;
  commandFailure: { command: string; detail: string } | null;
  faults: number;
  lastFault: { reason: FatalReason; detail: string } | null;
  hasGivenUp: boolean;
  /** The step shown; null shows the table. */
  step: SetupStep | null;
}

export const initialContributor: ContributorState = {
  status: 'opening',
  openFailure: null,
  manifest: null,
  facts: null,
  consentVersion: null,
  isSeatHeld: true,
  device: { kind: 'unknown' },
  model: { kind: 'unknown' },
  data: { kind: 'none', files: [] },
  rows: { offset: 0, rows: [], rowCount: 0 },
  training: null,
  spending: null,
  receipts: [],
  receiptsCheck: null,
  receiptFile: null,
  sent: null,
  trial: { kind: 'none' },
  commandFailure: null,
  faults: 0,
  lastFault: null,
  hasGivenUp: false,
  step: 'about',
};

/** Whether the person agreed to exactly the conditions that hold now. */
export function hasConsent(state: Pick<ContributorState, 'manifest' | 'consentVersion'>): boolean {
  return state.manifest !== null && state.consentVersion === state.manifest.consentVersion;
}

/** The first step that is not done yet; null when the table can be shown. */
export function firstOpenStep(
  state: Pick<ContributorState, 'manifest' | 'consentVersion' | 'model' | 'data'>,
): SetupStep | null {
  if (!hasConsent(state)) return 'about';
  if (state.model.kind !== 'stored') return 'device';
  if (state.data.kind !== 'kept') return 'data';
  return null;
}

/** The furthest step a person may open by hand: nothing heavy runs before consent. */
export function isStepReachable(
  state: Pick<ContributorState, 'manifest' | 'consentVersion' | 'model'>,
  step: SetupStep,
): boolean {
  if (step === 'about' || step === 'consent') return true;
  if (!hasConsent(state)) return false;
  return step === 'device' || state.model.kind === 'stored';
}

/** What one event of the worker changes. */
export function reduceEvent(
  state: ContributorState,
  event: WorkerEvent,
): Partial<ContributorState> {
  switch (event.kind) {
    case 'opened': {
      const opened = {
        manifest: event.manifest,
        facts: event.facts,
        consentVersion: event.consentVersion,
      };
      const isReopened = state.status === 'open';
      const step = isReopened ? state.step : firstOpenStep({ ...state, ...opened });
      return { ...opened, status: 'open', openFailure: null, step };
    }
    case 'open-failed':
      return { status: 'failed', openFailure: { reason: event.reason, detail: event.detail } };
    case 'manifest':
      return hasConsent({ ...state, manifest: event.manifest })
        ? { manifest: event.manifest }
        : { manifest: event.manifest, step: 'consent' };
    case 'seat':
      return { isSeatHeld: event.isHeld };
    case 'device':
      return { device: event.device };
    case 'model':
      return { model: event.model };
    case 'data':
      return { data: event.data };
    case 'rows':
      return { rows: { offset: event.offset, rows: event.rows, rowCount: event.rowCount } };
    case 'training':
      return { training: event.training };
    case 'receipts':
      return { receipts: event.receipts, receiptsCheck: null };
    case 'spending':
      return { spending: event.spending };
    case 'receipts-checked':
      return { receiptsCheck: event.check };
    case 'receipts-exported':
      return { receiptFile: event.text };
    case 'sent':
      return { sent: event.sent };
    case 'trial':
      return { trial: event.trial };
    case 'command-failed':
      return { commandFailure: { command: event.command, detail: event.detail } };
    case 'reopen':
      return {};
    case 'left':
      return { ...initialContributor, status: 'left' };
    case 'fatal':
      return {
        faults: state.faults + 1,
        lastFault: { reason: event.reason, detail: event.detail },
      };
  }
}

interface ContributorActions {
  apply: (event: WorkerEvent) => void;
  goTo: (step: SetupStep | null) => void;
  consented: (version: string) => void;
  gaveUp: () => void;
  closeSent: () => void;
  receiptFileSaved: () => void;
  reset: () => void;
}

/** The page's mirror of the worker. */
export const useContributor = create<ContributorState & ContributorActions>()((set) => ({
  ...initialContributor,
  apply: (event) => {
    set((state) => reduceEvent(state, event));
  },
  goTo: (step) => {
    set({ step, commandFailure: null });
  },
  consented: (version) => {
    set({ consentVersion: version, step: 'device' });
  },
  gaveUp: () => {
    set({ hasGivenUp: true });
  },
  closeSent: () => {
    set({ sent: null });
  },
  receiptFileSaved: () => {
    set({ receiptFile: null });
  },
  reset: () => {
    set(initialContributor);
  },
}));
