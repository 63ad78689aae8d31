import type { RecordedConnection } from './recording-proxy.ts';
import { websocketMessages } from './websocket-frames.ts';
import type { WebsocketMessage } from './websocket-frames.ts';

/** A socket.io message: its event, its values as JSON, and the bytes it took on the wire (binary parts included). */
export interface SocketMessage {
  readonly event: string;
  readonly values: unknown[];
  readonly bytes: number;
}

const headEnd = Buffer.from('\r\n\r\n');

function all(chunks: readonly Buffer[]): Buffer {
  return Buffer.concat(chunks);
}

function headOf(bytes: Buffer): string {
  const end = bytes.indexOf(headEnd);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString('latin1');
}

function isWebsocket({ toHub }: RecordedConnection): boolean {
  return /^upgrade: websocket/im.test(headOf(all(toHub)));
}

/** The messages of one direction of a websocket connection. */
function messagesOf(bytes: Buffer): WebsocketMessage[] {
  const start = bytes.indexOf(headEnd);
  return start < 0 ? [] : websocketMessages(bytes.subarray(start + headEnd.length));
}

/**
 * The socket.io events of one direction. In its protocol `42["event",…]` is a message, `451-["event",…]` one that
 * a binary message follows; a number between prefix and bracket asks for an acknowledgement.
 */
function socketEvents(messages: readonly WebsocketMessage[]): SocketMessage[] {
  return messages.flatMap(({ isText, payload }, i) => {
    if (!isText) return [];
    const line = payload.toString('utf8');
    const json = /^4(?:2|5\d+-)\d*(\[.*\])$/s.exec(line)?.[1];
    if (json === undefined) return [];
    const [event, ...values] = JSON.parse(json) as [string, ...unknown[]];
    const binary = messages[i + 1];
    const extra = line.startsWith('45') && binary?.isText === false ? binary.payload.length : 0;
    // Acknowledgement numbers grow by one with every request, so that their digits are no content.
    return [{ event, values, bytes: json.length + extra }];
  });
}

/** What the clients behind a proxy told the hub over their sockets, in order. */
export function messagesToHub(connections: readonly RecordedConnection[]): SocketMessage[] {
  return connections
    .filter(isWebsocket)
    .flatMap(({ toHub }) => socketEvents(messagesOf(all(toHub))));
}

/** What the hub told the clients behind a proxy over their sockets, connection by connection. */
export function messagesFromHub(connections: readonly RecordedConnection[]): SocketMessage[][] {
  return connections
    .filter(isWebsocket)
    .map(({ fromHub }) => socketEvents(messagesOf(all(fromHub))));
}

/** Each HTTP request as its first line and the bytes of its whole message. Needs requests without chunked bodies. */
export function httpRequests(
  connections: readonly RecordedConnection[],
): { line: string; bytes: number }[] {
  return connections.flatMap(({ toHub }) => {
    const requests: { line: string; bytes: number }[] = [];
    let rest = all(toHub);
    while (rest.length > 0) {
      const head = headOf(rest);
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      const bytes = Math.min(rest.length, head.length + headEnd.length + length);
      requests.push({ line: head.split('\r\n')[0] ?? '', bytes });
      if (/^upgrade: websocket/im.test(head)) break;
      rest = rest.subarray(bytes);
    }
    return requests;
  });
}

/** Everything that the clients behind a proxy sent, each websocket message unmasked: where a search for a leak looks. */
export function bytesToHub(connections: readonly RecordedConnection[]): Buffer {
  return Buffer.concat(
    connections.flatMap((connection) => {
      const bytes = all(connection.toHub);
      if (!isWebsocket(connection)) return [bytes];
      return [Buffer.from(headOf(bytes), 'latin1'), ...messagesOf(bytes).map((m) => m.payload)];
    }),
  );
}

/** The update frames that the clients behind a proxy have sent so far: binary messages with the magic `RTUP`. */
export function updateFrames(connections: readonly RecordedConnection[]): Uint8Array[] {
  return connections
    .filter(isWebsocket)
    .flatMap(({ toHub }) => messagesOf(all(toHub)))
    .filter(({ payload }) => payload.subarray(0, 4).toString('latin1') === 'RTUP')
    .map(({ payload }) => Uint8Array.from(payload));
}
