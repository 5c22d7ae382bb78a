import { Module } from '@nestjs/common';
import { MailModule } from '../mail/mail.module.js';
import { UsersController } from './users.controller.js';

@Module({ imports: [MailModule], controllers: [UsersController] })
export class UsersModule {}
