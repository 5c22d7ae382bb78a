import { Injectable } from '@nestjs/common';
import { Job, JobContext } from 'nestjs-work';
import { setTimeout as pause } from 'node:timers/promises';
import { ContactImport } from './contact-import.dto.js';
import { ContactBook } from './contact-book.js';

/** What a row takes where work is more than this. */
const ROW_MS = 20;

@Injectable()
export class ContactImportJob {
  constructor(private readonly contacts: ContactBook) {}

  /** Long work: says how far it is, and stops where the pool asks it to. Run again, it passes over rows that are there. */
  @Job('import_contacts', { maxFails: 3, maxConcurrency: 1 })
  async import({ emails }: ContactImport, job: JobContext) {
    for (const [index, email] of emails.entries()) {
      if (!this.contacts.has(email)) {
        await pause(ROW_MS, undefined, { signal: job.signal });
        this.contacts.add(email);
      }
      job.checkin(`${index + 1} of ${emails.length} rows`);
    }
  }
}
