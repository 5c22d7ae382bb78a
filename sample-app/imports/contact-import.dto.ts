import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsEmail } from 'class-validator';

export class ContactImport {
  /** They travel in the request and in the job: for many more, store a file, and let the job know where it is. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1_000)
  @IsEmail({}, { each: true })
  emails!: string[];
}

declare module 'nestjs-work' {
  interface JobArguments {
    import_contacts: ContactImport;
  }
}
