import { Body, Controller, Post } from '@nestjs/common';
import { Enqueuer } from 'nestjs-work';
import { Reindex } from './reindex.dto.js';

@Controller('reindex')
export class SearchController {
  constructor(private readonly enqueuer: Enqueuer) {}

  /** Asked a hundred times while one is waiting, the index is rebuilt once. */
  @Post()
  async reindex(@Body() what: Reindex) {
    const job = await this.enqueuer.enqueueUniqueIn('reindex', '1s', what);
    return { reindex: job?.id ?? null, alreadyWaiting: job === null };
  }
}
