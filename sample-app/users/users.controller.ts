import { Body, Controller, Post } from '@nestjs/common';
import { Enqueuer } from 'nestjs-work';
import { SignUp } from './sign-up.dto.js';

@Controller('users')
export class UsersController {
  constructor(private readonly enqueuer: Enqueuer) {}

  /** Answers as soon as the welcome mail is safe in Redis; a worker writes it. */
  @Post()
  async signUp(@Body() { email, name }: SignUp) {
    const job = await this.enqueuer.enqueue('send_welcome', { to: email, name });
    return { welcomeMail: job.id };
  }
}
