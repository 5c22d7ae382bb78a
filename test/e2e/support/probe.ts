import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { JobContext } from '../../../src/context/index.js';

/** A singleton that asks for the context, as a logger or a mailer would. */
@Injectable()
export class Probe {
  constructor(private readonly job: JobContext) {}

  async id() {
    await setImmediate();
    return this.job.id;
  }
}
