import { Injectable } from '@nestjs/common';
import { Job, JobContext } from 'nestjs-work';
import { Reindex } from './reindex.dto.js';

@Injectable()
export class ReindexJob {
  @Job('reindex', { maxFails: 2 })
  rebuild({ index }: Reindex, job: JobContext) {
    job.log.log(`index ${index} rebuilt`);
  }
}
