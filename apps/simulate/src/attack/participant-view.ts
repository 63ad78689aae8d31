import type { AdapterWeights } from '@roundtable/lora';
import { federatedMethod, type MethodTerms, type ReceivedState } from '@roundtable/methods';
import type { Transport } from '@roundtable/participant';
import type { AdapterReference } from '@roundtable/protocol';

/** A file that a participant was sent. */
export interface Broadcast {
  readonly reference: AdapterReference;
  readonly file: Uint8Array;
}

/** Keeps what one participant fetches, and changes nothing: all that a curious one has to do. */
export class ParticipantView {
  readonly transport: Transport;
  readonly #broadcasts = new Map<number, Broadcast>();

  constructor(transport: Transport) {
    this.transport = {
      connect: (listener) => {
        transport.connect(listener);
      },
      disconnect: () => {
        transport.disconnect();
      },
      request: (event, message, frame) => transport.request(event, message, frame),
      fetchAdapter: async (reference) => {
        const file = await transport.fetchAdapter(reference);
        this.#broadcasts.set(reference.round, { reference, file });
        return file;
      },
    };
  }

  /** In the order of their rounds; the last that came for a round counts. */
  get broadcasts(): readonly Broadcast[] {
    return [...this.#broadcasts.values()].sort((x, y) => x.reference.round - y.reference.round);
  }
}

/** The adapters that these files stand for, decoded as any participant decodes them. */
export async function proxiesOf(
  terms: MethodTerms,
  broadcasts: readonly Broadcast[],
): Promise<AdapterWeights[]> {
  const method = federatedMethod(terms);
  const proxies: AdapterWeights[] = [];
  let known: ReceivedState | null = null;
  for (const { reference, file } of broadcasts) {
    known = await method.receive(reference, () => Promise.resolve(file), known);
    proxies.push(known.weights);
  }
  return proxies;
}
