import type { MethodTerms } from '@roundtable/methods';
import { adapterShapeDigest, refusal, sha256Hex } from '@roundtable/protocol';
import type { Refusal, submitSchema, Submitted } from '@roundtable/protocol';
import { checkFrame } from './check-frame.ts';
import type { WeighedUpdate } from './check-frame.ts';
import type { HubRegister } from './hub-register.ts';

type Submission = ReturnType<typeof submitSchema.parse>;

export interface UpdateDeskOptions {
  readonly terms: MethodTerms;
  readonly register: HubRegister;
  readonly nowMs: () => number;
  /** Why the round takes no update of this client, or null. */
  readonly refusalOf: (clientId: string, round: number) => Refusal['reason'] | null;
  readonly onUpdate?: ((clientId: string, values: WeighedUpdate['values']) => void) | undefined;
}

/** Where a simulated hub takes in the updates of the open round. */
export class UpdateDesk {
  readonly #options: UpdateDeskOptions;
  readonly #shapeDigest: string;
  readonly #updates = new Map<string, WeighedUpdate>();

  private constructor(options: UpdateDeskOptions, shapeDigest: string) {
    this.#options = options;
    this.#shapeDigest = shapeDigest;
  }

  static async create(options: UpdateDeskOptions): Promise<UpdateDesk> {
    const { spec, settings } = options.terms;
    return new UpdateDesk(options, await adapterShapeDigest(spec, settings.method));
  }

  /** Checks an update and its receipt and countersigns. */
  async take(
    clientId: string,
    { round, receipt }: Submission,
    frame: Uint8Array,
  ): Promise<Submitted | Refusal> {
    const { terms, register, refusalOf, nowMs, onUpdate } = this.#options;
    const { federationId, settings, spec } = terms;
    const sender = { federationId, clientId, round, shapeDigest: this.#shapeDigest };
    const update = await checkFrame(frame, sender, settings, spec);
    if ('refused' in update) return update;
    const fault = await register.fault(clientId, round, frame, receipt);
    if (fault !== null) return refusal('bad-receipt', fault);
    const sha256 = await sha256Hex(frame);
    const reason = refusalOf(clientId, round);
    if (reason !== null) return refusal(reason, `round ${round} takes no update of ${clientId}`);
    const countersignature = await register.accept(clientId, receipt, Math.floor(nowMs()));
    onUpdate?.(clientId, update.values);
    this.#updates.set(clientId, update);
    return { refused: false, sha256, isDuplicate: false, countersignature };
  }

  /** Hands over the updates of these clients and forgets all. */
  collect(clientIds: readonly string[]): WeighedUpdate[] {
    const updates = clientIds.map((clientId) => this.#updates.get(clientId)!);
    this.#updates.clear();
    return updates;
  }
}
