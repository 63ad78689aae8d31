import type { ParticipantState } from '@roundtable/participant';
import type { BaseModel } from '@roundtable/transformer';
import { startBackend } from './backend.ts';
import { fetchBaseModel } from './base-model.ts';
import { HubHttp } from './hub-http.ts';
import { InquirySource } from './inquiry-source.ts';
import type { CrowdNews, CrowdOrder, ThreadOptions } from './messages.ts';
import { preparePerson } from './person.ts';
import type { Person } from './person.ts';

type People = Extract<CrowdOrder, { kind: 'people' }>;

/** The simulated people of one thread, who share its base model. */
export class Troupe {
  readonly #options: ThreadOptions;
  readonly #tell: (news: CrowdNews) => void;
  readonly #http: HubHttp;
  readonly #inquiries: InquirySource;
  readonly #people = new Map<number, Person>();
  readonly #started = new Set<number>();
  #federationId: string | null = null;
  #model: { id: string; loaded: BaseModel } | null = null;
  #latestOrder = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(options: ThreadOptions, tell: (news: CrowdNews) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#http = new HubHttp(options.hub);
    this.#inquiries = new InquirySource(options.seed, options.examples);
  }

  /** Orders are carried out one after the other. */
  follow(order: CrowdOrder): Promise<void> {
    if (order.kind === 'people') this.#latestOrder = order.order;
    this.#work = this.#work.then(() =>
      order.kind === 'people' ? this.#gather(order) : this.#startAll(),
    );
    return this.#work;
  }

  async #gather({ order, federationId, indices }: People): Promise<void> {
    if (federationId !== this.#federationId) {
      // The federation they were in is gone: nobody is there to say goodbye to.
      for (const person of this.#people.values()) person.vanish();
      this.#people.clear();
      this.#started.clear();
      this.#federationId = federationId;
    }
    for (const index of [...this.#people.keys()]) {
      if (!indices.includes(index)) await this.#dismiss(index);
    }
    for (const index of indices) {
      if (order !== this.#latestOrder) return; // overtaken: the next order says who is wanted
      if (!this.#people.has(index)) await this.#add(index);
    }
    this.#tell({ kind: 'prepared', order });
  }

  async #dismiss(index: number): Promise<void> {
    const person = this.#people.get(index);
    this.#people.delete(index);
    this.#started.delete(index);
    await person?.leave();
  }

  async #add(index: number): Promise<void> {
    try {
      const { hub: origin, invite } = this.#options;
      const session = await this.#http.join(invite, `Simulated ${index + 1}`);
      const manifest = await this.#http.manifest(session.federationId ?? '', session.token);
      const model = await this.#modelFor(manifest.settings.baseModelId, session.token);
      const rows = this.#inquiries.rowsOf(index);
      const shared = { origin, http: this.#http, token: session.token };
      const person = await preparePerson({
        ...shared,
        manifest,
        model,
        rows,
        seed: `${this.#options.seed}/person-${index}`,
        onState: this.#problemsOf(index),
      });
      this.#people.set(index, person);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: 'problem', index, detail });
    }
  }

  /** Tells of each failure or refusal of a person once. */
  #problemsOf(index: number): (state: ParticipantState) => void {
    let told: ParticipantState['activity'] | null = null;
    return ({ activity }) => {
      const isProblem = activity.kind === 'failed' || activity.kind === 'refused';
      if (!isProblem || activity === told) return;
      told = activity;
      this.#tell({ kind: 'problem', index, detail: activity.detail });
    };
  }

  async #startAll(): Promise<void> {
    for (const [index, person] of this.#people) {
      if (this.#started.has(index)) continue;
      this.#started.add(index);
      await person.start();
    }
  }

  async #modelFor(id: string, token: string): Promise<BaseModel> {
    if (this.#model?.id === id) return this.#model.loaded;
    const backend = await startBackend();
    this.#tell({ kind: 'backend', backend });
    this.#model?.loaded.dispose();
    const manifest = await this.#http.modelManifest(id, token);
    this.#model = { id, loaded: await fetchBaseModel(this.#http, manifest, token) };
    return this.#model.loaded;
  }
}
