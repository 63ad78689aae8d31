import {
  initialState,
  meanAggregator,
  phaseOf,
  statusOf,
  step,
  updateNormBound,
  updateRefusal,
  updateWeight,
} from '@roundtable/federated';
import type { RoundEffect, RoundEvent, RoundState } from '@roundtable/federated';
import { initialWeights } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import {
  decodeUpload,
  federatedMethod,
  learningRateOfRound,
  uploadFormat,
} from '@roundtable/methods';
import type { FederatedMethod, HubState, UploadFormat } from '@roundtable/methods';
import {
  adapterShapeDigest,
  decodeUpdateFrame,
  frameMismatch,
  maxSampleCount,
  refusal,
  sha256Hex,
} from '@roundtable/protocol';
import type {
  AdapterReference,
  Countersignature,
  FederationManifest,
  RoundAnnouncement,
  SignedReceipt,
} from '@roundtable/protocol';
import { countersign } from '@roundtable/receipts';
import type { Clock } from '../clock.ts';
import type { Transport, TransportListener } from '../transport.ts';
import { HubRegister } from './hub-register.ts';
import { hubSigner } from './hub-signer.ts';

type Fields = Record<string, unknown>;

interface TakenUpdate {
  readonly frame: Uint8Array;
  readonly sha256: string;
  readonly countersignature: Countersignature;
}

const sampleCountIn = (frame: Uint8Array): number =>
  new DataView(frame.buffer, frame.byteOffset).getUint32(130, true);

// An event of the round machine before it has its time.
type Timeless<E> = E extends unknown ? Omit<E, 'nowMs'> : never;

/** The hub's part of a federation in one process: the real round machine, checks and aggregation, no socket, no disk. */
export class MiniHub {
  readonly manifest: FederationManifest;
  readonly spec: AdapterSpec;
  readonly aggregated: { round: number; clientIds: readonly string[] }[] = [];
  /** Every frame that ever arrived, by `round/clientId`. */
  readonly seen = new Map<string, Set<string>>();
  readonly refusals: string[] = [];
  readonly fetched: { readonly clientId: string; readonly sha256: string }[] = [];
  state: RoundState;
  weights: AdapterWeights;
  /** Weights after each completed round, from the start on. */
  readonly history: AdapterWeights[] = [];
  readonly #method: FederatedMethod;
  readonly #format: UploadFormat;
  readonly #clock: Clock;
  readonly #listeners = new Map<string, TransportListener>();
  readonly #updates = new Map<string, TakenUpdate>();
  readonly #register: HubRegister;
  readonly #blobs = new Map<string, Uint8Array>();
  #adapter: AdapterReference | null = null;
  #cancelWake: () => void = () => undefined;

  constructor(manifest: FederationManifest, spec: AdapterSpec, clock: Clock) {
    const { settings, federationId } = manifest;
    const { cohort, rounds } = settings;
    this.manifest = manifest;
    this.spec = spec;
    this.#clock = clock;
    this.weights = initialWeights(spec);
    this.#method = federatedMethod({ settings, spec, federationId });
    this.#format = uploadFormat(settings, spec);
    this.#register = new HubRegister(manifest, spec);
    this.state = initialState({ cohort, rounds, selectionSeed: 'mini' });
  }

  async start(): Promise<void> {
    await this.#publish(await this.#method.firstState());
    this.dispatch({ kind: 'start' });
  }

  /** A client's way to this hub; `fault` may throw before or after a request is served. */
  transport(clientId: string, fault: (when: 'before' | 'after') => void): Transport {
    return {
      connect: (listener) => {
        this.#listeners.set(clientId, listener);
        listener.onConnectionChange(true);
      },
      disconnect: () => {
        this.#listeners.delete(clientId);
        this.dispatch({ kind: 'client-gone', clientId });
      },
      request: async (event, message, frame) => {
        fault('before');
        const answer = await this.#serve(clientId, event, message as Fields, frame);
        fault('after');
        return answer;
      },
      fetchAdapter: ({ sha256 }) => {
        this.fetched.push({ clientId, sha256 });
        const blob = this.#blobs.get(sha256);
        return blob === undefined ? Promise.reject(new Error('404')) : Promise.resolve(blob);
      },
    };
  }

  /** Loses a client's connection, which comes back at once. */
  flicker(clientId: string): void {
    const listener = this.#listeners.get(clientId);
    if (listener === undefined) return;
    this.dispatch({ kind: 'client-gone', clientId });
    listener.onConnectionChange(false);
    listener.onConnectionChange(true);
  }

  dispatch(event: Timeless<RoundEvent>): void {
    const timed = { ...event, nowMs: this.#clock.nowMs() } as RoundEvent;
    const { state, effects } = step(this.state, timed);
    this.state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: RoundEffect): void {
    const { federationId } = this.manifest;
    if (effect.kind === 'announce') {
      const message = this.#announcement();
      for (const clientId of effect.clientIds) this.#send(clientId, 'round:announce', message);
    } else if (effect.kind === 'wake') {
      this.#cancelWake();
      const delayMs = Math.max(0, effect.atMs - this.#clock.nowMs());
      this.#cancelWake = this.#clock.schedule(delayMs, () => {
        this.dispatch({ kind: 'tick' });
      });
    } else if (effect.kind === 'aggregate') {
      void this.#aggregate(effect.round, effect.clientIds);
    } else if (effect.kind === 'evaluate') {
      this.dispatch({ kind: 'evaluated', round: effect.round });
    } else if (effect.kind === 'close') {
      const { round, outcome } = effect;
      const scores = { evalLoss: null, evalAccuracy: null, adapterSha256: null };
      const message = { federationId, round, outcome, ...scores };
      for (const clientId of effect.clientIds) this.#send(clientId, 'round:closed', message);
    } else if (effect.kind === 'status') {
      const { kind: _, ...status } = effect;
      for (const clientId of this.#listeners.keys()) {
        this.#send(clientId, 'federation:status', { federationId, ...status });
      }
    }
  }

  #send(clientId: string, event: string, message: unknown): void {
    this.#listeners.get(clientId)?.onMessage(event, message);
  }

  #announcement(): RoundAnnouncement {
    const { stage, completed } = this.state;
    if (stage.kind !== 'training' || this.#adapter === null) throw new Error('no open round');
    return {
      federationId: this.manifest.federationId,
      round: stage.round,
      completedRounds: completed.length,
      adapter: this.#adapter,
      remainingMs: Math.max(0, stage.deadlineMs - this.#clock.nowMs()),
    };
  }

  async #serve(
    clientId: string,
    event: string,
    message: Fields,
    frame?: Uint8Array,
  ): Promise<unknown> {
    const round = Number(message['round']);
    if (event === 'federation:join') return this.#welcome(clientId);
    if (event === 'update:submit') {
      const receipt = message['receipt'] as SignedReceipt;
      return this.#submit(clientId, round, frame ?? new Uint8Array(), receipt);
    }
    if (event === 'client:ready') {
      const kind = message['isReady'] === true ? 'client-ready' : 'client-unready';
      this.dispatch({ kind, clientId });
    } else if (event === 'round:decline') {
      const reason = message['reason'] as 'paused';
      if (message['reason'] === 'failed-closed') this.#register.spend(clientId, round);
      this.dispatch({ kind: 'client-declined', clientId, round, reason });
    }
    return { refused: false };
  }

  async #welcome(clientId: string): Promise<unknown> {
    const { stage } = this.state;
    const member = stage.kind === 'training' && stage.members.find((m) => m.clientId === clientId);
    const status = member ? member.status : 'declined';
    const isOpen = status !== 'declined' && status !== 'removed';
    const round = isOpen
      ? { announcement: this.#announcement(), isSubmitted: status === 'accepted' }
      : null;
    const { completedRounds } = statusOf(this.state);
    const manifest = { ...this.manifest, phase: phaseOf(this.state), completedRounds };
    const spending = await this.#register.spendingOf(clientId);
    return { refused: false, clientId, manifest, round, maxFrameBytes: 1_000_000, spending };
  }

  async #submit(
    clientId: string,
    round: number,
    frame: Uint8Array,
    receipt: SignedReceipt,
  ): Promise<unknown> {
    const key = `${round}/${clientId}`;
    const bytes = frame.slice();
    const sha256 = await sha256Hex(bytes);
    this.seen.set(key, (this.seen.get(key) ?? new Set()).add(sha256));
    this.#register.spend(clientId, round);
    const known = (): unknown => {
      const stored = this.#updates.get(key);
      if (stored?.sha256 !== sha256) return null;
      const { countersignature } = stored;
      return { refused: false, sha256, isDuplicate: true, countersignature };
    };
    const before = known();
    if (before !== null) return before;
    const reason =
      (this.#updates.has(key) ? 'conflicting-update' : null) ??
      updateRefusal(this.state, clientId, round) ??
      (await this.#fault(clientId, round, bytes)) ??
      (await this.#register.receiptFault(receipt, bytes));
    const countersignature = await countersign(hubSigner, receipt, round);
    // The same bytes may have been taken meanwhile, over a connection that was lost.
    const after = known();
    if (after !== null) return after;
    if (reason !== null) {
      this.refusals.push(reason);
      return refusal(reason, reason);
    }
    this.#updates.set(key, { frame: bytes, sha256, countersignature });
    this.#register.take(receipt, countersignature);
    this.dispatch({ kind: 'update-accepted', clientId, round });
    return { refused: false, sha256, isDuplicate: false, countersignature };
  }

  async #fault(clientId: string, round: number, frame: Uint8Array) {
    const { settings, federationId } = this.manifest;
    const { bits, blockSize, payloadBytes, length: parameterCount } = this.#format;
    const decoded = await decodeUpdateFrame(frame);
    if (!decoded.ok) return decoded.reason;
    const shapeDigest = await adapterShapeDigest(this.spec, settings.method);
    const identity = { federationId, clientId, round, shapeDigest };
    const sizes = { bits, blockSize, parameterCount, payloadBytes };
    const expected = { ...identity, ...sizes, maxSampleCount: maxSampleCount(settings) };
    const mismatch = frameMismatch(decoded.header, decoded.payload.length, expected);
    if (mismatch !== null) return mismatch.reason;
    const norm = Math.hypot(...this.#update(frame));
    return norm <= updateNormBound(settings, parameterCount) ? null : 'norm-too-large';
  }

  #update(frame: Uint8Array): Float32Array | Float64Array {
    return decodeUpload(this.#format, frame.subarray(138, -32));
  }

  async #aggregate(round: number, clientIds: readonly string[]): Promise<void> {
    const { settings } = this.manifest;
    const { length } = this.#format;
    const maxAbs = updateNormBound(settings, length);
    const frames = clientIds.map((id) => this.#updates.get(`${round}/${id}`)!.frame);
    const weights = frames.map((frame) => updateWeight(sampleCountIn(frame)));
    const maxTotalWeight = weights.reduce((sum, weight) => sum + weight, 0);
    const aggregator = meanAggregator(length, { maxAbs, maxTotalWeight });
    frames.forEach((frame, i) => {
      aggregator.add(this.#update(frame), weights[i]!);
    });
    await this.#publish(await this.#advanced(round, aggregator.result()));
    this.aggregated.push({ round, clientIds });
    this.dispatch({ kind: 'aggregated', round });
  }

  #advanced(round: number, mean: Float64Array): Promise<HubState> {
    const { training, rounds } = this.manifest.settings;
    if (this.#adapter === null) throw new Error('nothing is published');
    const completedRounds = this.history.length - 1;
    const learningRate = learningRateOfRound(training, completedRounds, rounds);
    return this.#method.nextState(
      { weights: this.weights, published: this.#adapter },
      { round, completedRounds, learningRate, mean },
      (completed) => Promise.resolve(this.history[completed]!),
    );
  }

  async #publish({ weights, file }: HubState): Promise<void> {
    const sha256 = await sha256Hex(file);
    this.weights = weights;
    this.history.push(weights);
    this.#blobs.set(sha256, file);
    const round = this.state.lastRound;
    const encoding = this.manifest.settings.wire.download;
    this.#adapter = { sha256, sizeBytes: file.length, encoding, round };
  }
}
