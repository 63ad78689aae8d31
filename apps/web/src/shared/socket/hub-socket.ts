import { PROTOCOL_VERSION } from '@roundtable/protocol';
import type { ClientToHubEvents, HubToClientEvents } from '@roundtable/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';

export type HubSocket = Socket<HubToClientEvents, ClientToHubEvents>;

/** A websocket to the hub with this session's token in the handshake; reconnects by itself. */
export function connectHub(hubUrl: string, token: string): HubSocket {
  return io(hubUrl, {
    transports: ['websocket'],
    auth: { protocolVersion: PROTOCOL_VERSION, token },
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    forceNew: true,
  });
}
