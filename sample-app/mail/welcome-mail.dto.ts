import { IsEmail, IsString, Matches } from 'class-validator';

/** It stands in a header of a mail, where a second line would be another header. */
export const ONE_LINE = /^\P{Cc}*$/u;

export class WelcomeMail {
  @IsEmail()
  to!: string;

  @IsString()
  @Matches(ONE_LINE, { message: 'name must be one line' })
  name!: string;
}

declare module 'nestjs-work' {
  interface JobArguments {
    send_welcome: WelcomeMail;
  }
}
