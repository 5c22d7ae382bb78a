import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedRequest {
  readonly method: string;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
}

/** A real HTTP server that gives the answers it is told to give, one after the other, and the last one from then on. */
export class ScriptedServer {
  readonly received: ReceivedRequest[] = [];
  #statuses: readonly number[] = [];
  readonly #server: Server = createServer((request, response) => {
    void this.#take(request).then((status) => response.writeHead(status).end());
  });

  answerWith(statuses: readonly number[]): void {
    this.#statuses = statuses;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage): Promise<number> {
    const body: unknown = JSON.parse(await text(request));
    const key = request.headers['idempotency-key'];
    const count = this.received.push({ method: request.method ?? '', idempotencyKey: key?.toString(), body });
    return this.#statuses[Math.min(count, this.#statuses.length) - 1] ?? 200;
  }
}
