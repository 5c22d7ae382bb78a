import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server that is as unreliable as other people's: `/shaky` works at the third try, `/broken` never. */
export class WebhookReceiver {
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));
  #shakyCalls = 0;

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    response.writeHead(this.#statusOf(request.url ?? '/')).end();
  }

  #statusOf(path: string): number {
    if (path === '/broken') return 500;
    if (path !== '/shaky') return 200;
    this.#shakyCalls += 1;
    return this.#shakyCalls < 3 ? 503 : 200;
  }
}
