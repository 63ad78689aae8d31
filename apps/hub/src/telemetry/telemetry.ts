import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Hub } from '../hub-types.ts';

/** Prometheus metrics of one hub. */
export interface Telemetry {
  readonly contentType: string;
  render(): Promise<string>;
  /** Counts and times the requests of a server by route pattern, never by path. */
  observeHttp(app: FastifyInstance): void;
  /** Adds what the hub itself knows: sockets, federations, clients, totals. */
  observeHub(hub: Hub): void;
}

export function createTelemetry(): Telemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'roundtable_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    observeHttp: (app) => {
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'none';
        const labels = { method: request.method, route, status: reply.statusCode };
        seconds.observe(labels, reply.elapsedTime / 1_000);
        done();
      });
    },
    observeHub: (hub) => {
      registerHub(registry, hub);
    },
  };
}

function registerHub(registry: Registry, hub: Hub): void {
  new Gauge({
    name: 'roundtable_open_sockets',
    help: 'Sockets connected now',
    registers: [registry],
    collect() {
      this.set(hub.openSockets());
    },
  });
  new Gauge({
    name: 'roundtable_federations',
    help: 'Federations by phase',
    labelNames: ['phase'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { phase } of hub.records()) this.inc({ phase });
    },
  });
  new Gauge({
    name: 'roundtable_connected_clients',
    help: 'Clients connected now by federation',
    labelNames: ['federation'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { federationId, clients } of hub.records()) {
        const connected = clients.filter(({ isConnected }) => isConnected).length;
        this.set({ federation: federationId }, connected);
      }
    },
  });
  new Counter({
    name: 'roundtable_events_total',
    help: 'Running totals of the hub since it was set up, for example refusals by reason',
    labelNames: ['federation', 'name', 'label'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { federationId, name, label, total } of hub.store.counters.list()) {
        this.inc({ federation: federationId, name, label }, total);
      }
    },
  });
}
