import { Catch, Logger, ServiceUnavailableException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EnqueueBacklogError, EnqueueRefusedError, EnqueuerClosedError, EnqueueTimeoutError } from 'nestjs-work';

/** The request was in order, and Redis could not take its job: not the caller's fault, and worth another try. */
@Catch(EnqueueTimeoutError, EnqueueRefusedError, EnqueueBacklogError, EnqueuerClosedError)
export class EnqueueErrorFilter implements ExceptionFilter<Error> {
  readonly #log = new Logger(EnqueueErrorFilter.name);

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch({ message }: Error, host: ArgumentsHost): void {
    this.#log.error(message);
    const answer = new ServiceUnavailableException('Please try again later.');
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), answer.getResponse(), answer.getStatus());
  }
}
