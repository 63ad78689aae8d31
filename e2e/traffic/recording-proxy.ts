import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** What went over one TCP connection, in both directions. */
export interface RecordedConnection {
  readonly toHub: Buffer[];
  readonly fromHub: Buffer[];
}

/** Stands in front of a hub on plain HTTP, hands every byte on and keeps a copy. */
export class RecordingProxy {
  readonly connections: RecordedConnection[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(hubPort: number): Promise<RecordingProxy> {
    const server = createServer();
    const proxy = new RecordingProxy(server);
    server.on('connection', (client) => {
      proxy.#pass(client, connect(hubPort, '127.0.0.1'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The same address as its visitors see it: with this proxy in the hub's place. */
  inFrontOf(url: string): string {
    const { pathname, search, hash } = new URL(url);
    return this.url + pathname + search + hash;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(client: Socket, hub: Socket): void {
    const connection: RecordedConnection = { toHub: [], fromHub: [] };
    this.connections.push(connection);
    client.on('data', (chunk: Buffer) => connection.toHub.push(Buffer.from(chunk)));
    hub.on('data', (chunk: Buffer) => connection.fromHub.push(Buffer.from(chunk)));
    client.pipe(hub);
    hub.pipe(client);
    for (const [socket, other] of [
      [client, hub],
      [hub, client],
    ] as const) {
      this.#sockets.add(socket);
      // A killed hub resets its connections: the visitor must see just that.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
