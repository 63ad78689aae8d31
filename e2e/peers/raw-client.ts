import { PROTOCOL_VERSION } from '@roundtable/protocol';
import type { Refusal, RoundAnnouncement } from '@roundtable/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';

/** A socket that may send anything, with the announcements it was told. */
export interface RawClient {
  readonly socket: Socket;
  readonly announced: RoundAnnouncement[];
  /** `accepted`, `duplicate`, or the reason of the hub's refusal. */
  ask(event: string, ...values: unknown[]): Promise<string>;
}

function handshake(token: string): object {
  return { protocolVersion: PROTOCOL_VERSION, token };
}

/** Connects with any handshake; rejects with the hub's refusal as `data`. */
export async function connectRaw(
  url: string,
  token: string,
  auth = handshake(token),
): Promise<RawClient> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth });
  const announced: RoundAnnouncement[] = [];
  socket.on('round:announce', (message: RoundAnnouncement) => announced.push(message));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const ask = async (event: string, ...values: unknown[]): Promise<string> => {
    const answer = (await socket.timeout(15_000).emitWithAck(event, ...values)) as
      Refusal | { refused: false; isDuplicate?: boolean };
    if (answer.refused) return answer.reason;
    return answer.isDuplicate === true ? 'duplicate' : 'accepted';
  };
  return { socket, announced, ask };
}

/** Why the hub refused a handshake, or `accepted`. */
export async function handshakeReason(url: string, auth: object): Promise<string> {
  try {
    (await connectRaw(url, '', auth)).socket.close();
    return 'accepted';
  } catch (error) {
    return (error as { data: Refusal }).data.reason;
  }
}

/** Resolves when `holds` does. */
export async function until(what: string, holds: () => boolean, limitMs = 60_000): Promise<void> {
  const endMs = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
