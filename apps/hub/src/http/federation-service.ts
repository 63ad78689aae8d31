import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type {
  FederationAction,
  FederationManifest,
  FederationRecord,
  FederationSettings,
  Refusal,
} from '@roundtable/protocol';

export interface EvaluationRow {
  input: string;
  output: string;
}

/** Thrown by services and routes; answered as an HTTP body or a socket acknowledgement. */
export class HubRefusal extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`${refusal.reason}: ${refusal.detail}`);
    this.refusal = refusal;
  }
}

/** What the HTTP routes ask of the running hub; implemented in `rounds`. Methods throw HubRefusal. */
export interface FederationService {
  list(): FederationRecord[];
  get(federationId: string): FederationRecord | null;
  manifest(federationId: string): FederationManifest | null;
  /** Stores the federation in phase `created`; refuses `invalid-settings` where adapter or base model do not fit. */
  create(
    settings: FederationSettings,
    evaluation: EvaluationRow[] | null,
  ): Promise<FederationRecord>;
  act(federationId: string, action: FederationAction): Promise<FederationRecord>;
  /** Deletes a federation with its rounds and clients (demo reset). */
  remove(federationId: string): Promise<void>;
  /** Makes a member for a redeemed contributor invite and returns her clientId. */
  addClient(federationId: string, client: { displayName: string; isSimulated: boolean }): string;
  /** The exact (not quantized) global adapter after the last completed round. */
  adapter(
    federationId: string,
  ): Promise<{ spec: AdapterSpec; weights: AdapterWeights; round: number } | null>;
  /** Adapter bytes that went out over HTTP, for `bytesDown` of the running round and of this client. */
  countDownload(federationId: string, clientId: string | null, bytes: number): void;
}
