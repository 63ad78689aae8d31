import { initialState, memberOf, step, updateRefusal } from '@roundtable/federated';
import type { RoundEffect, RoundEvent, RoundState } from '@roundtable/federated';
import type { AdapterWeights } from '@roundtable/lora';
import type { Transport } from '@roundtable/participant';
import { joinSchema, refusal, submitSchema } from '@roundtable/protocol';
import type {
  AdapterReference,
  ClientToHubEvents,
  CountersignedReceipt,
  FederationManifest,
  RoundAnnouncement,
  Welcome,
} from '@roundtable/protocol';
import type { Evaluation } from '@roundtable/training';
import { announcementOf, closedMessage, declineOf, statusMessage } from './hub-messages.ts';
import { HubRegister } from './hub-register.ts';
import type { LocalHubOptions } from './local-hub-options.ts';
import { LocalTransport } from './local-transport.ts';
import type { LocalDesk } from './local-transport.ts';
import { PublishedAdapters } from './published-adapters.ts';
import { RoundCounts } from './round-counts.ts';
import { UpdateDesk } from './update-desk.ts';

const MAX_FRAME_BYTES = 256 * 1024 * 1024;

type EventOf<E = RoundEvent> = E extends RoundEvent ? Omit<E, 'nowMs'> : never;

/** A hub without network and storage round the same round machine, checks and aggregation as the real one. */
export class LocalHub implements LocalDesk {
  readonly #options: LocalHubOptions;
  readonly #transports = new Map<string, LocalTransport>();
  readonly #counts: RoundCounts;
  readonly #register: HubRegister;
  readonly #adapters: PublishedAdapters;
  #desk: UpdateDesk | null = null;
  #lastEvaluation: Evaluation | null = null;
  #state: RoundState;
  #cancelWake: () => void = () => undefined;
  #finish: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  private constructor(
    options: LocalHubOptions,
    register: HubRegister,
    adapters: PublishedAdapters,
  ) {
    const { cohort, rounds } = options.manifest.settings;
    this.#options = options;
    this.#register = register;
    this.#adapters = adapters;
    this.#counts = new RoundCounts(options.clock);
    this.#state = initialState({ cohort, rounds, selectionSeed: options.seed });
  }

  static async create(options: LocalHubOptions): Promise<LocalHub> {
    const { manifest, spec, clock, onUpdate } = options;
    const { federationId, settings } = manifest;
    const terms = { federationId, settings, spec };
    const register = await HubRegister.create(terms);
    const hub = new LocalHub(options, register, await PublishedAdapters.create(terms));
    hub.#desk = await UpdateDesk.create({
      terms,
      register,
      nowMs: () => clock.nowMs(),
      refusalOf: (clientId, round) => updateRefusal(hub.#state, clientId, round),
      onUpdate,
    });
    return hub;
  }

  /** The current adapter's weights. */
  get weights(): AdapterWeights {
    return this.#adapters.weights;
  }

  get #federationId(): string {
    return this.#options.manifest.federationId;
  }

  /** The countersigned receipts of one client. */
  receipts(clientId: string): readonly CountersignedReceipt[] {
    return this.#register.receipts(clientId);
  }

  manifest(): FederationManifest {
    const completedRounds = this.#state.completed.length;
    const { reference: adapter } = this.#adapters;
    const { publicKey: hubPublicKey } = this.#register;
    const { manifest } = this.#options;
    return { ...manifest, hubPublicKey, phase: 'recruiting', completedRounds, adapter };
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
    const file = this.#adapters.file(sha256);
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
        return this.#welcome(clientId, joinSchema.parse(message).publicKey);
      case 'client:ready': {
        const { isReady } = message as { isReady: boolean };
        this.#dispatch({ kind: isReady ? 'client-ready' : 'client-unready', clientId });
        return { refused: false };
      }
      case 'update:submit':
        return this.#submit(clientId, submitSchema.parse(message), frame ?? new Uint8Array());
      case 'round:decline':
        this.#dispatch({ kind: 'client-declined', clientId, ...declineOf(message) });
        return { refused: false };
      default:
        return refusal('unknown-event', `${event} means nothing here`);
    }
  }

  async #welcome(clientId: string, publicKey: string): Promise<Welcome> {
    this.#register.join(clientId, publicKey);
    const spending = await this.#register.spending(clientId);
    const member = memberOf(this.#state, clientId);
    const announcement = member?.status === 'training' ? this.#announcement() : null;
    return {
      refused: false,
      clientId,
      manifest: this.manifest(),
      round: announcement && { announcement, isSubmitted: false },
      maxFrameBytes: MAX_FRAME_BYTES,
      spending,
    };
  }

  async #submit(
    clientId: string,
    submission: ReturnType<typeof submitSchema.parse>,
    frame: Uint8Array,
  ): ReturnType<UpdateDesk['take']> {
    this.#counts.up(frame.length);
    const answer = await this.#desk!.take(clientId, submission, frame);
    if (answer.refused) {
      this.#counts.rejected();
      return answer;
    }
    this.#counts.accepted();
    this.#dispatch({ kind: 'update-accepted', clientId, round: submission.round });
    return answer;
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
    return announcementOf(this.#state, this.#federationId, this.#adapters.reference);
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
    await this.#adapters.advance(round, this.#desk!.collect(clientIds));
    this.#dispatch({ kind: 'aggregated', round });
  }

  async #evaluate(round: number): Promise<void> {
    this.#lastEvaluation = await this.#options.evaluate(this.#adapters.weights);
    const epsilon = await this.#options.epsilon();
    this.#options.onRound(this.#counts.end(this.#lastEvaluation, epsilon));
    this.#dispatch({ kind: 'evaluated', round });
  }

  #close(effect: Extract<RoundEffect, { kind: 'close' }>): void {
    const { round, outcome, reason, clientIds } = effect;
    const { reference } = this.#adapters;
    const message = closedMessage(effect, this.#federationId, reference, this.#lastEvaluation);
    for (const clientId of clientIds) {
      this.#transports.get(clientId)?.deliver('round:closed', message);
    }
    // Nobody leaves a simulation, so a round without enough updates is a fault, not something to repeat.
    if (outcome !== 'completed') this.#fail(new Error(`round ${round} was abandoned: ${reason}`));
  }

  #status(effect: Extract<RoundEffect, { kind: 'status' }>): void {
    const message = statusMessage(effect, this.#federationId);
    for (const transport of this.#transports.values()) {
      transport.deliver('federation:status', message);
    }
  }
}
