import type { FastifyInstance } from 'fastify';
import type { SignIn } from '../auth/sign-in.ts';
import type { DemoControl } from '../demo/demo-types.ts';
import type { Hub } from '../hub-types.ts';
import type { Authority } from '../session/authority.ts';
import type { SessionRow } from '../storage/rows.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { BaseModels } from './base-models.ts';

/** What the routes work with. */
export interface HttpContext {
  readonly hub: Hub;
  readonly authority: Authority;
  readonly signIn: SignIn;
  readonly baseModels: BaseModels;
  readonly telemetry: Telemetry;
  /** null where this hub runs no demonstration, or it is being seeded. */
  readonly demo: () => DemoControl | null;
  readonly operator: string;
  readonly webDir: string;
  /** Origin that people open; known once the server listens. */
  readonly publicUrl: () => string;
  readonly nowMs: () => number;
  readonly metricsToken: string | null;
  readonly metricsFromLoopback: boolean;
  readonly httpRequestsPerMinute: number;
  readonly failedSignInsPerMinute: number;
}

/** Adds routes to the server. */
export type Routes = (app: FastifyInstance, context: HttpContext) => void;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard where the request carries a living session. */
    session: SessionRow | null;
  }
}
