import { Module } from '@nestjs/common';
import { ReindexJob } from './reindex.job.js';
import { SearchController } from './search.controller.js';

@Module({ controllers: [SearchController], providers: [ReindexJob] })
export class SearchModule {}
