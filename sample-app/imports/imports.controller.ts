import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { Enqueuer, WorkClient } from 'nestjs-work';
import { ContactBook } from './contact-book.js';
import { ContactImport } from './contact-import.dto.js';

@Controller('imports')
export class ImportsController {
  constructor(
    private readonly enqueuer: Enqueuer,
    private readonly client: WorkClient,
    private readonly contacts: ContactBook,
  ) {}

  @Post()
  async start(@Body() contacts: ContactImport) {
    const job = await this.enqueuer.enqueue('import_contacts', contacts);
    return { import: job.id };
  }

  @Get(':id')
  async progress(@Param('id') id: string) {
    const running = await this.client.workerObservations();
    const observed = running.find(({ jobId }) => jobId === id);
    return { running: observed !== undefined, progress: observed?.checkin ?? null, contacts: this.contacts.size };
  }
}
