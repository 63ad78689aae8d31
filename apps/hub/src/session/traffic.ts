import type { Socket } from 'socket.io';

interface EnginePacket {
  readonly data?: unknown;
}

/** Bytes of one engine packet as a websocket message: a text packet begins with its type. */
export function packetBytes({ data }: EnginePacket): number {
  if (typeof data === 'string') return 1 + Buffer.byteLength(data);
  if (data instanceof Uint8Array) return data.byteLength;
  return 1;
}

/** Reports the payload bytes of every websocket message of a connection, both ways. */
export function meterTraffic(
  socket: Socket,
  report: (bytesUp: number, bytesDown: number) => void,
): void {
  socket.conn.on('packet', (packet: EnginePacket) => {
    report(packetBytes(packet), 0);
  });
  socket.conn.on('packetCreate', (packet: EnginePacket) => {
    report(0, packetBytes(packet));
  });
}
