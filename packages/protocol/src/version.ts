/** Version of the messages in this package; a peer that speaks another one is refused with `protocol-version`. */
export const PROTOCOL_VERSION = 2;
