import { IsEmail, IsString } from 'class-validator';

export class WelcomeMail {
  @IsEmail()
  to!: string;

  @IsString()
  name!: string;
}

declare module 'nestjs-work' {
  interface JobArguments {
    send_welcome: WelcomeMail;
  }
}
