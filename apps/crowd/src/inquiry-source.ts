import { routingFederation } from '@roundtable/inquiries';
import type { RoutingFederation } from '@roundtable/inquiries';

interface Row {
  readonly input: string;
  readonly output: string;
}

/** Generated inquiries of the crowd's people: the same for a seed, whoever asks in whatever order. */
export class InquirySource {
  readonly #seed: string;
  readonly #examples: number;
  #clients: RoutingFederation['clients'] = [];

  constructor(seed: string, examples: number) {
    this.#seed = seed;
    this.#examples = examples;
  }

  /** Rows of the person with this index, from 0. */
  rowsOf(index: number): Row[] {
    if (index >= this.#clients.length) {
      // Each client's draw has a seed of its own, so that a larger federation begins with the same clients.
      const clients = 2 ** Math.ceil(Math.log2(index + 2));
      const options = { seed: this.#seed, clients, examplesPerClient: this.#examples };
      this.#clients = routingFederation({ ...options, validationSize: 0, testSize: 0 }).clients;
    }
    return this.#clients[index]!.map(({ text, label }) => ({ input: text, output: label }));
  }
}
