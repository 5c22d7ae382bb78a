import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsEmail } from 'class-validator';

export class ContactImport {
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(10_000)
  @IsEmail({}, { each: true })
  emails!: string[];
}

declare module 'nestjs-work' {
  interface JobArguments {
    import_contacts: ContactImport;
  }
}
