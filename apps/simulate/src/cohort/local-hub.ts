import {
  federatedMethod,
  initialState,
  memberOf,
  step,
  updateRefusal,
} from '@roundtable/federated';
import type { RoundEffect, RoundEvent, RoundState } from '@roundtable/federated';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type { Clock, Transport } from '@roundtable/participant';
import { adapterShapeDigest, refusal, sha256Hex, submitSchema } from '@roundtable/protocol';
import type {
  AdapterReference,
  ClientToHubEvents,
  FederationManifest,
  FederationStatus,
  Refusal,
  RoundAnnouncement,
  RoundClosed,
  Submitted,
  Welcome,
} from '@roundtable/protocol';
import type { Evaluation } from '@roundtable/training';
import { checkFrame } from './check-frame.ts';
import type { WeighedUpdate } from './check-frame.ts';
import { firstAdapter, nextAdapter } from './global-adapter.ts';
import type { GlobalAdapter } from './global-adapter.ts';
import { LocalTransport } from './local-transport.ts';
import type { LocalDesk } from './local-transport.ts';
import { RoundCounts } from './round-counts.ts';
import type { CompletedRound } from './round-counts.ts';

const MAX_FRAME_BYTES = 256 * 1024 * 1024;

export interface LocalHubOptions {
  /** Without `adapter`: the hub makes the first one. */
  readonly manifest: Omit<FederationManifest, 'adapter' | 'phase' | 'completedRounds'>;
  readonly spec: AdapterSpec;
  readonly seed: string;
  readonly clock: Clock;
  readonly evaluate: (weights: AdapterWeights) => Promise<Evaluation>;
  /** Largest ε over the clients at this moment; null without differential privacy. */
  readonly epsilon: () => Promise<number | null>;
  readonly onRound: (round: CompletedRound) => void;
}

type EventOf<E = RoundEvent> = E extends RoundEvent ? Omit<E, 'nowMs'> : never;

/** A hub without network and storage round the same round machine, checks and aggregation as the real one. */
export class LocalHub implements LocalDesk {
  readonly #options: LocalHubOptions;
  readonly #transports = new Map<string, LocalTransport>();
  readonly #counts: RoundCounts;
  readonly #shapeDigest: string;
  /** Updates of the open round by client. */
  readonly #updates = new Map<string, WeighedUpdate>();
  #adapter: GlobalAdapter;
  #lastEvaluation: Evaluation | null = null;
  #state: RoundState;
  #cancelWake: () => void = () => undefined;
  #finish: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  private constructor(options: LocalHubOptions, adapter: GlobalAdapter, shapeDigest: string) {
    const { cohort, rounds } = options.manifest.settings;
    this.#options = options;
    this.#adapter = adapter;
    this.#shapeDigest = shapeDigest;
    this.#counts = new RoundCounts(options.clock);
    this.#state = initialState({ cohort, rounds, selectionSeed: options.seed });
  }

  static async create(options: LocalHubOptions): Promise<LocalHub> {
    const { settings } = options.manifest;
    const adapter = await firstAdapter(options.spec, settings);
    return new LocalHub(options, adapter, await adapterShapeDigest(options.spec, settings.method));
  }

  /** The current adapter's weights. */
  get weights(): AdapterWeights {
    return this.#adapter.weights;
  }

  manifest(): FederationManifest {
    const completedRounds = this.#state.completed.length;
    const { reference: adapter } = this.#adapter;
    return { ...this.#options.manifest, phase: 'recruiting', completedRounds, adapter };
  }

  transportFor(clientId: string): Transport {
    const transport = new LocalTransport(this, clientId);
    this.#transports.set(clientId, transport);
    return transport;
  }

  /** Runs all rounds with the clients that join; rejects where the hub itself fails or `abort` is called. */
  run(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
      this.#dispatch({ kind: 'start' });
    }).finally(() => {
      this.#cancelWake();
    });
  }

  /** Ends the run for a reason that the hub cannot see. */
  abort(error: Error): void {
    this.#fail(error);
  }

  disconnected(clientId: string): void {
    this.#dispatch({ kind: 'client-gone', clientId });
  }

  adapterFile(_clientId: string, { sha256 }: AdapterReference): Uint8Array {
    const { file, reference } = this.#adapter;
    if (sha256 !== reference.sha256) throw new Error(`there is no adapter ${sha256}`);
    this.#counts.down(file.length);
    return file;
  }

  async answer(
    clientId: string,
    event: keyof ClientToHubEvents,
    message: object,
    frame: Uint8Array | null,
  ): Promise<unknown> {
    switch (event) {
      case 'federation:join':
        return this.#welcome(clientId);
      case 'client:ready': {
        const { isReady } = message as { isReady: boolean };
        this.#dispatch({ kind: isReady ? 'client-ready' : 'client-unready', clientId });
        return { refused: false };
      }
      case 'update:submit':
        return this.#submit(clientId, submitSchema.parse(message).round, frame);
      case 'round:decline':
        this.#dispatch({ kind: 'client-declined', clientId, ...declineOf(message) });
        return { refused: false };
      default:
        return refusal('unknown-event', `${event} means nothing here`);
    }
  }

  #welcome(clientId: string): Welcome {
    const member = memberOf(this.#state, clientId);
    const announcement = member?.status === 'training' ? this.#announcement() : null;
    return {
      refused: false,
      clientId,
      manifest: this.manifest(),
      round: announcement && { announcement, isSubmitted: false },
      maxFrameBytes: MAX_FRAME_BYTES,
    };
  }

  async #submit(
    clientId: string,
    round: number,
    frame: Uint8Array | null,
  ): Promise<Submitted | Refusal> {
    const bytes = frame ?? new Uint8Array();
    this.#counts.up(bytes.length);
    const answer = await this.#take(clientId, round, bytes);
    if (answer.refused) this.#counts.rejected();
    return answer;
  }

  async #take(clientId: string, round: number, frame: Uint8Array): Promise<Submitted | Refusal> {
    const { manifest, spec } = this.#options;
    const { federationId, settings } = manifest;
    const expected = {
      federationId,
      clientId,
      round,
      bits: settings.wire.uploadBits,
      blockSize: settings.wire.uploadBlockSize,
      parameterCount: federatedMethod(settings).uploadLength(spec),
      shapeDigest: this.#shapeDigest,
    };
    const update = await checkFrame(frame, expected, settings);
    if ('refused' in update) return update;
    const sha256 = await sha256Hex(frame);
    const reason = updateRefusal(this.#state, clientId, round);
    if (reason !== null) return refusal(reason, `round ${round} takes no update of ${clientId}`);
    this.#updates.set(clientId, update);
    this.#counts.accepted();
    this.#dispatch({ kind: 'update-accepted', clientId, round });
    return { refused: false, sha256, isDuplicate: false };
  }

  #dispatch(event: EventOf): void {
    const stamped = { ...event, nowMs: this.#options.clock.nowMs() } as RoundEvent;
    const { state, effects } = step(this.#state, stamped);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    if (state.stage.kind === 'stopped') this.#finish();
  }

  #carryOut(effect: RoundEffect): void {
    switch (effect.kind) {
      case 'announce':
        this.#announce(effect.clientIds);
        break;
      case 'wake':
        this.#wakeAt(effect.atMs);
        break;
      case 'aggregate':
        this.#background(this.#aggregate(effect.round, effect.clientIds));
        break;
      case 'evaluate':
        this.#background(this.#evaluate(effect.round));
        break;
      case 'close':
        this.#close(effect);
        break;
      case 'status':
        this.#status(effect);
        break;
      case 'restore':
        break; // nobody rolls a simulation back
    }
  }

  #background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#fail(error);
    });
  }

  #announcement(): RoundAnnouncement | null {
    const { stage, nowMs, completed } = this.#state;
    if (stage.kind !== 'training') return null;
    return {
      federationId: this.#options.manifest.federationId,
      round: stage.round,
      completedRounds: completed.length,
      adapter: this.#adapter.reference,
      remainingMs: Math.max(0, Math.floor(stage.deadlineMs - nowMs)),
    };
  }

  #announce(clientIds: readonly string[]): void {
    const announcement = this.#announcement();
    if (announcement === null) return;
    this.#counts.begin(announcement.round);
    for (const clientId of clientIds) {
      this.#transports.get(clientId)?.deliver('round:announce', announcement);
    }
  }

  #wakeAt(atMs: number): void {
    const { clock } = this.#options;
    this.#cancelWake();
    this.#cancelWake = clock.schedule(Math.max(0, atMs - clock.nowMs()), () => {
      this.#dispatch({ kind: 'tick' });
    });
  }

  async #aggregate(round: number, clientIds: readonly string[]): Promise<void> {
    const { spec, manifest } = this.#options;
    const updates = clientIds.map((clientId) => this.#updates.get(clientId)!);
    this.#adapter = await nextAdapter(this.#adapter, updates, spec, manifest.settings, round);
    this.#updates.clear();
    this.#dispatch({ kind: 'aggregated', round });
  }

  async #evaluate(round: number): Promise<void> {
    this.#lastEvaluation = await this.#options.evaluate(this.#adapter.weights);
    const epsilon = await this.#options.epsilon();
    this.#options.onRound(this.#counts.end(this.#lastEvaluation, epsilon));
    this.#dispatch({ kind: 'evaluated', round });
  }

  #close({ round, outcome, reason, clientIds }: Extract<RoundEffect, { kind: 'close' }>): void {
    const isCompleted = outcome === 'completed';
    const message: RoundClosed = {
      federationId: this.#options.manifest.federationId,
      round,
      outcome,
      evalLoss: isCompleted ? (this.#lastEvaluation?.loss ?? null) : null,
      evalAccuracy: isCompleted ? (this.#lastEvaluation?.accuracy ?? null) : null,
      adapterSha256: isCompleted ? this.#adapter.reference.sha256 : null,
    };
    for (const clientId of clientIds) {
      this.#transports.get(clientId)?.deliver('round:closed', message);
    }
    // Nobody leaves a simulation, so a round without enough updates is a fault, not something to repeat.
    if (!isCompleted) this.#fail(new Error(`round ${round} was abandoned: ${reason}`));
  }

  #status({ kind: _, ...status }: Extract<RoundEffect, { kind: 'status' }>): void {
    const { federationId } = this.#options.manifest;
    const message: FederationStatus = { federationId, ...status };
    for (const transport of this.#transports.values()) {
      transport.deliver('federation:status', message);
    }
  }
}

type Decline = Omit<
  Extract<RoundEvent, { kind: 'client-declined' }>,
  'kind' | 'nowMs' | 'clientId'
>;

function declineOf(message: object): Decline {
  const { round, reason } = message as Decline;
  return { round, reason };
}
