/** What the sample application's endpoints answer with. */
export interface Answer {
  readonly [what: string]: unknown;
}

/** Calls the sample application as its users do, over HTTP. */
export class HttpApi {
  constructor(
    readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  get(path: string): Promise<Answer> {
    return this.#call(path, {});
  }

  post(path: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.#call(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #call(path: string, request: RequestInit): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, { ...request, signal: this.signal });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}
