import { IsObject, IsUrl } from 'class-validator';

export class Webhook {
  /** A service on the open internet would also refuse addresses of its own network: it is the one who calls them. */
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
