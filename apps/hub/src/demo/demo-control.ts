import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { createInvite } from '../auth/invites.ts';
import { newToken } from '../auth/tokens.ts';
import { orRefuse } from '../http/answer.ts';
import type { BaseModels } from '../http/base-models.ts';
import { prepareFederation } from '../http/prepare-federation.ts';
import type { Hub } from '../hub-types.ts';
import type { DemoOptions } from './demo-options.ts';
import { MAX_CROWD } from './demo-options.ts';
import type { DemoControl, DemoState } from './demo-types.ts';
import { demoFederation } from './seed.ts';

const VALUE_NAME = 'demo';
const INVITE_SECONDS = 90 * 86_400;
const keptSchema = z.strictObject({
  federationId: z.string(),
  inviteToken: z.string(),
  crowdSize: z.number().int(),
});
type Kept = z.infer<typeof keptSchema>;

interface DemoSurroundings {
  readonly hub: Hub;
  readonly baseModels: BaseModels;
  readonly operator: string;
  readonly publicUrl: () => string;
  readonly nowMs: () => number;
  /** Told to the crowd's process through a file that only this user can read. */
  readonly handoverPath: string;
}

/** Seeds the demonstration, or goes on with the one that the data folder holds. */
export async function startDemo(
  surroundings: DemoSurroundings,
  options: DemoOptions,
): Promise<DemoControl> {
  const control = new Demo(surroundings, options);
  await control.start();
  return control;
}

class Demo implements DemoControl {
  readonly #around: DemoSurroundings;
  readonly #options: DemoOptions;
  #kept: Kept;

  constructor(around: DemoSurroundings, options: DemoOptions) {
    this.#around = around;
    this.#options = options;
    const text = around.hub.store.values.get(VALUE_NAME);
    this.#kept =
      text === null
        ? { federationId: '', inviteToken: newToken(), crowdSize: options.clients }
        : keptSchema.parse(JSON.parse(text));
  }

  state(): DemoState {
    const { federationId, crowdSize } = this.#kept;
    const isThere = this.#around.hub.store.federations.find(federationId) !== null;
    return {
      isDemo: true,
      crowdSize,
      maxCrowd: MAX_CROWD,
      federationId: isThere ? federationId : null,
    };
  }

  async start(): Promise<void> {
    if (this.state().federationId === null) await this.#seed('demo');
    await this.#handOver();
  }

  async setCrowd(crowdSize: number, actor: string): Promise<void> {
    this.#keep({ ...this.#kept, crowdSize });
    const { federationId } = this.state();
    if (federationId === null || crowdSize === 0) return;
    const cohort = this.#around.hub.record(federationId)?.settings.cohort;
    if (cohort === undefined) return;
    const { minCohort } = this.#around.hub.ceilings;
    const minimum = Math.max(minCohort, Math.ceil(crowdSize / 2));
    const change = {
      action: 'change-next-round' as const,
      cohort: { ...cohort, minimum, target: Math.max(minimum, crowdSize) },
    };
    // A stopped federation has no next round; the wanted size is kept for the next reset.
    await this.#around.hub.act(federationId, change, actor);
  }

  async reset(actor: string): Promise<void> {
    const { federationId } = this.state();
    if (federationId !== null) {
      orRefuse(await this.#around.hub.deleteFederation(federationId, actor));
    }
    this.#keep({ ...this.#kept, crowdSize: this.#options.clients });
    await this.#seed(actor);
    await this.#handOver();
  }

  async #seed(actor: string): Promise<void> {
    const { hub, publicUrl, nowMs } = this.#around;
    const { settings, evaluation } = demoFederation(this.#options);
    const prepared = prepareFederation(this.#around, settings, evaluation);
    const { federationId } = orRefuse(await hub.createFederation(prepared, actor));
    createInvite(hub.store, {
      federationId,
      request: {
        role: 'contributor',
        expiresInSeconds: INVITE_SECONDS,
        maxUses: null,
        personName: null,
      },
      publicUrl: publicUrl(),
      actor,
      nowMs: nowMs(),
      token: this.#kept.inviteToken,
    });
    this.#keep({ ...this.#kept, federationId });
    orRefuse(await hub.act(federationId, { action: 'start' }, actor));
  }

  #keep(kept: Kept): void {
    this.#kept = kept;
    this.#around.hub.store.values.set(VALUE_NAME, JSON.stringify(kept));
  }

  async #handOver(): Promise<void> {
    const { handoverPath, publicUrl } = this.#around;
    const { federationId, inviteToken } = this.#kept;
    const url = publicUrl();
    const content = {
      url,
      federationId,
      inviteToken,
      inviteUrl: `${url}/join#${inviteToken}`,
      ...this.#options,
    };
    await mkdir(dirname(handoverPath), { recursive: true });
    await writeFile(`${handoverPath}.new`, JSON.stringify(content), { mode: 0o600 });
    await rename(`${handoverPath}.new`, handoverPath);
  }
}
