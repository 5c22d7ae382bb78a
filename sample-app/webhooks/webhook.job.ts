import { HttpStatus, Injectable } from '@nestjs/common';
import { Job, JobContext, UnrecoverableError } from 'nestjs-work';
import { Webhook } from './webhook.dto.js';

/** Seconds until the next attempt: 1, 2, 4, 8 … at most an hour. */
export const webhookBackoff = ({ fails }: { readonly fails: number }) => Math.min(2 ** (fails - 1), 3_600);

@Injectable()
export class WebhookJob {
  @Job('deliver_webhook', { maxFails: 3, backoff: webhookBackoff })
  async deliver({ url, payload }: Webhook, job: JobContext) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': job.id },
      body: JSON.stringify(payload),
      signal: AbortSignal.any([job.signal, AbortSignal.timeout(10_000)]),
    }).catch((cause: Error) => {
      throw new Error(`${url} cannot be reached: ${textOf(cause)}`, { cause });
    });
    await response.body?.cancel(); // what it says is not read, and must not hold the connection
    if (response.status === HttpStatus.GONE) throw new UnrecoverableError(`${url} wants no more webhooks`);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  }
}

/** `fetch` itself says no more than "fetch failed". */
const textOf = ({ message, cause }: Error): string => (cause instanceof Error && cause.message) || message;
