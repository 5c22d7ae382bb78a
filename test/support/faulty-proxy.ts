import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * - `lose reply`: Redis does what it is asked, then the connection breaks before the answer comes
 * - `lose request`: the connection breaks, and Redis never hears of it
 * - `delay request`: the same, but Redis hears of it when `deliverDelayed` is called
 */
export type Fault = 'lose reply' | 'lose request' | 'delay request';

interface PlannedFault {
  readonly fault: Fault;
  readonly isHit: (request: string) => boolean;
  readonly happened: () => void;
}

/** Stands between a client and Redis, and loses what the test tells it to. */
export class FaultyProxy {
  readonly #clients = new Set<Socket>();
  readonly #server = createServer((client) => this.#accept(client));
  readonly #target: { readonly host: string; readonly port: number };
  #planned: PlannedFault[] = [];
  #delayed: Buffer[] = [];
  #isRefusing = false;

  constructor(redisUrl: string) {
    const { hostname, port } = new URL(redisUrl);
    this.#target = { host: hostname, port: Number(port) };
  }

  /** The address to give to the client. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next request that contains `text` meets the fault. Resolves when it has. */
  next(fault: Fault, text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#planned.push({ fault, isHit: (request) => request.includes(text), happened: resolve });
    });
  }

  /** Hands the delayed requests to Redis, on connections of their own, and waits until it has answered. */
  async deliverDelayed(): Promise<void> {
    for (const request of this.#delayed.splice(0)) {
      const socket = connect(this.#target);
      socket.write(request);
      await once(socket, 'data');
      socket.destroy();
    }
  }

  breakConnections(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** Until `acceptConnections` Redis cannot be reached. */
  refuseConnections(): void {
    this.#isRefusing = true;
    this.breakConnections();
  }

  acceptConnections(): void {
    this.#isRefusing = false;
  }

  async close(): Promise<void> {
    this.breakConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    if (this.#isRefusing) return void client.destroy();
    const upstream = connect(this.#target);
    let losing: PlannedFault | undefined;
    this.#clients.add(client);
    client.on('data', (request: Buffer) => {
      const planned = this.#take(request);
      if (!planned || planned.fault === 'lose reply') upstream.write(request);
      if (planned?.fault === 'lose reply') losing = planned;
      else if (planned) this.#breakBefore(request, planned, client);
    });
    upstream.on('data', (reply: Buffer) => {
      if (!losing) return void client.write(reply);
      client.destroy();
      losing.happened();
    });
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('close', () => {
      this.#clients.delete(client);
      upstream.end();
    });
    upstream.on('close', () => client.destroy());
  }

  #take(request: Buffer): PlannedFault | undefined {
    const text = request.toString('latin1');
    const hit = this.#planned.find(({ isHit }) => isHit(text));
    if (hit) this.#planned = this.#planned.filter((planned) => planned !== hit);
    return hit;
  }

  #breakBefore(request: Buffer, { fault, happened }: PlannedFault, client: Socket): void {
    if (fault === 'delay request') this.#delayed.push(request);
    client.destroy();
    happened();
  }
}
