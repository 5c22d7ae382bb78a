import { IsEmail, IsString, Length, Matches } from 'class-validator';
import { ONE_LINE } from '../mail/welcome-mail.dto.js';

export class SignUp {
  @IsEmail()
  email!: string;

  @IsString()
  @Length(1, 100)
  @Matches(ONE_LINE, { message: 'name must be one line' })
  name!: string;
}
