/** One websocket message, unmasked. */
export interface WebsocketMessage {
  readonly isText: boolean;
  readonly payload: Buffer;
}

interface Frame {
  isFinal: boolean;
  opcode: number;
  payload: Buffer;
  end: number;
}

const continuation = 0;
const text = 1;
const binary = 2;

/**
 * The complete messages in one direction of a websocket connection (RFC 6455, section 5.2), without the handshake.
 * Control frames are left out; a message cut off at the end too.
 * @throws where a frame is compressed: then a search for text in it would prove nothing
 */
export function websocketMessages(bytes: Buffer): WebsocketMessage[] {
  const messages: WebsocketMessage[] = [];
  let parts: Buffer[] = [];
  let isText = false;
  for (let frame = readFrame(bytes, 0); frame !== null; frame = readFrame(bytes, frame.end)) {
    if (frame.opcode > binary) continue;
    if (frame.opcode !== continuation) {
      parts = [];
      isText = frame.opcode === text;
    }
    parts.push(frame.payload);
    if (frame.isFinal) messages.push({ isText, payload: Buffer.concat(parts) });
  }
  return messages;
}

function readFrame(bytes: Buffer, start: number): Frame | null {
  if (start + 2 > bytes.length) return null;
  const first = bytes.readUInt8(start);
  const second = bytes.readUInt8(start + 1);
  if ((first & 0x70) !== 0) throw new Error(`a reserved bit is set at byte ${start}: compressed?`);
  const size = readLength(bytes, start + 1, second & 0x7f);
  if (size === null) return null;
  const isMasked = (second & 0x80) !== 0;
  const from = size.end + (isMasked ? 4 : 0);
  const end = from + size.length;
  if (end > bytes.length) return null;
  const payload = Buffer.from(bytes.subarray(from, end));
  if (isMasked) {
    const mask = bytes.subarray(size.end, from);
    payload.forEach((byte, i) => {
      payload[i] = byte ^ (mask[i % 4] ?? 0);
    });
  }
  return { isFinal: (first & 0x80) !== 0, opcode: first & 0x0f, payload, end };
}

function readLength(
  bytes: Buffer,
  at: number,
  short: number,
): { length: number; end: number } | null {
  if (short < 126) return { length: short, end: at + 1 };
  const width = short === 126 ? 2 : 8;
  if (at + 1 + width > bytes.length) return null;
  const length = width === 2 ? bytes.readUInt16BE(at + 1) : Number(bytes.readBigUInt64BE(at + 1));
  return { length, end: at + 1 + width };
}
