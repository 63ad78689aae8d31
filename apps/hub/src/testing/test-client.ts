import type {
  HubToClientEvents,
  ClientToHubEvents,
  FederationManifest,
  Refusal,
  RoundAnnouncement,
  RoundClosed,
  SignedReceipt,
  Submitted,
  UpdateFrameHeader,
  Welcome,
} from '@roundtable/protocol';
import {
  PROTOCOL_VERSION,
  adapterShapeDigest,
  encodeUpdateFrame,
  maxSampleCount,
} from '@roundtable/protocol';
import type { AdapterSpec } from '@roundtable/lora';
import { uploadFormat } from '@roundtable/methods';
import type { UploadFormat } from '@roundtable/methods';
import { encodeIntegers, encodePayload, quantizeStochastic } from '@roundtable/quantize';
import { seededRandom, uniform } from '@roundtable/random';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { releasePlanOf } from '../rounds/release-plan.ts';
import type { ReleasePlan } from '../storage/rows.ts';
import { TestDevice } from './test-device.ts';
import type { ReceiptSubject } from './test-device.ts';

export type ClientSocket = Socket<HubToClientEvents, ClientToHubEvents>;

/** A socket to the hub; resolves once connected, rejects with the handshake's refusal as `data`. */
export async function connect(
  url: string,
  token: string,
  auth: Record<string, unknown> = { protocolVersion: PROTOCOL_VERSION, token },
): Promise<ClientSocket> {
  const socket: ClientSocket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    auth,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
  return socket;
}

/** Calls an event with any values and resolves with the hub's answer. */
export function ask(socket: ClientSocket, name: string, ...values: unknown[]): Promise<unknown> {
  const emit = socket.timeout(10_000).emitWithAck.bind(socket.timeout(10_000)) as (
    event: string,
    ...rest: unknown[]
  ) => Promise<unknown>;
  return emit(name, ...values);
}

/** Seeded values where the federation sends blocks, seeded integers where it sends those. */
function examplePayload(format: UploadFormat, seed: string, scale: number): Uint8Array {
  const { length } = format;
  const random = seededRandom(seed);
  if (format.kind === 'grid') {
    const units = Int32Array.from({ length }, () =>
      Math.round((uniform(random) - 0.5) * 100 * scale),
    );
    return encodeIntegers(units, format.grid.bytesPerValue);
  }
  const { bits, blockSize } = format;
  const values = Float32Array.from({ length }, () => (uniform(random) - 0.5) * scale);
  return encodePayload(quantizeStochastic(values, { bits, blockSize }, random));
}

/** The update that a client sends for a round: seeded, so that a second call makes the same bytes. */
export async function makeFrame(
  { federationId, settings }: Pick<FederationManifest, 'federationId' | 'settings'>,
  spec: AdapterSpec,
  clientId: string,
  round: number,
  change: { scale?: number; header?: Partial<UpdateFrameHeader>; payload?: Uint8Array } = {},
): Promise<Uint8Array> {
  const format = uploadFormat(settings, spec);
  const payload =
    change.payload ?? examplePayload(format, `${clientId}/${round}`, change.scale ?? 0.1);
  const header: UpdateFrameHeader = {
    federationId,
    clientId,
    round,
    bits: format.bits,
    blockSize: format.blockSize,
    parameterCount: format.length,
    shapeDigest: await adapterShapeDigest(spec, settings.method),
    sampleCount: maxSampleCount(settings),
    ...change.header,
  };
  return encodeUpdateFrame(header, payload);
}

export interface TestClient {
  readonly socket: ClientSocket;
  readonly welcome: Welcome;
  readonly announced: RoundAnnouncement[];
  readonly closed: RoundClosed[];
  readonly answers: (Submitted | Refusal)[];
  readonly device: TestDevice;
  /** What one release of the federation costs; undefined without differential privacy. */
  readonly plan: ReleasePlan['release'] | undefined;
  /** What a receipt for that frame is about. */
  subject(round: number, frame: Uint8Array): ReceiptSubject;
  /** With an honest receipt unless another is given. */
  submit(round: number, frame: Uint8Array, receipt?: SignedReceipt): Promise<Submitted | Refusal>;
}

/** An honest client: joins, says ready, and answers announcements unless `isSilent`. */
export async function joinAsClient(
  url: string,
  admitted: { token: string; clientId: string },
  manifest: FederationManifest,
  spec: AdapterSpec,
  options: { isSilent?: boolean; device?: TestDevice } = {},
): Promise<TestClient> {
  const device = options.device ?? (await TestDevice.create());
  const socket = await connect(url, admitted.token);
  const { federationId, consentVersion } = manifest;
  const { publicKey } = device;
  const joining = { federationId, consentVersion, publicKey };
  const welcome = await socket.emitWithAck('federation:join', joining);
  if (welcome.refused) throw new Error(`join refused: ${welcome.reason} ${welcome.detail}`);
  const { clientId } = admitted;
  const announced: RoundAnnouncement[] = [];
  const adapterOf = (round: number): string =>
    (announced.find((known) => known.round === round) ?? welcome.manifest).adapter.sha256;
  const subject = (round: number, frame: Uint8Array): ReceiptSubject => ({
    ...{ manifest, spec, clientId, round, frame },
    adapterSha256: adapterOf(round),
  });
  const plan = releasePlanOf({ settings: manifest.settings, spec })?.release;
  const client: TestClient = {
    ...{ socket, welcome, announced, device, subject, plan },
    closed: [],
    answers: [],
    submit: async (round, frame, given) => {
      const receipt = given ?? (await device.receiptFor(subject(round, frame)));
      const message = { federationId, round, receipt };
      return (await ask(socket, 'update:submit', message, frame)) as Submitted | Refusal;
    },
  };
  socket.on('round:announce', (announcement) => {
    client.announced.push(announcement);
    if (options.isSilent === true) return;
    void makeFrame(manifest, spec, admitted.clientId, announcement.round)
      .then((frame) => client.submit(announcement.round, frame))
      .then(
        (answer) => client.answers.push(answer),
        () => undefined,
      );
  });
  socket.on('round:closed', (closed) => client.closed.push(closed));
  await socket.emitWithAck('client:ready', { federationId, isReady: true });
  return client;
}

/** Resolves when `holds` does; rejects after `limitMs` with what was waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 20_000,
): Promise<void> {
  const endMs = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
