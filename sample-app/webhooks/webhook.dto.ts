import { IsObject, IsUrl } from 'class-validator';

export class Webhook {
  @IsUrl({ require_tld: false })
  url!: string;

  @IsObject()
  payload!: Record<string, unknown>;
}

declare module 'nestjs-work' {
  interface JobArguments {
    deliver_webhook: Webhook;
  }
}
