import { Module } from '@nestjs/common';
import { ContactBook } from './contact-book.js';
import { ContactImportJob } from './contact-import.job.js';
import { ImportsController } from './imports.controller.js';

@Module({ controllers: [ImportsController], providers: [ContactBook, ContactImportJob] })
export class ImportsModule {}
