import { IsObject, IsUrl } from 'class-validator';

export class Webhook {
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  url!: string;

  @IsObject()
  payload!: Record<string, unknown>;
}

declare module 'nestjs-work' {
  interface JobArguments {
    deliver_webhook: Webhook;
  }
}
