import { Module, type INestApplication, type LoggerService, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WorkModule, type WorkModuleNaming, type WorkModuleOptions } from 'nestjs-work';

export type GivenOptions = Partial<WorkModuleOptions> & WorkModuleNaming;

/** What an application wrote to its log, one string for each line: level, context and message. */
export class LogLines implements LoggerService {
  readonly lines: string[] = [];

  log = (message: unknown, ...more: unknown[]) => this.#add('log', message, more);
  warn = (message: unknown, ...more: unknown[]) => this.#add('warn', message, more);
  error = (message: unknown, ...more: unknown[]) => this.#add('error', message, more);
  debug = (message: unknown, ...more: unknown[]) => this.#add('debug', message, more);
  fatal = (message: unknown, ...more: unknown[]) => this.#add('fatal', message, more);

  matching(pattern: RegExp): string[] {
    return this.lines.filter((line) => pattern.test(line));
  }

  #add(level: string, message: unknown, more: readonly unknown[]): void {
    this.lines.push(`${level} [${String(more.at(-1))}] ${String(message)}`);
  }
}

export interface WorkApp {
  readonly app: INestApplication;
  readonly logs: LogLines;
}

/** Builds a real application around `metadata`, without starting it. */
export async function buildApp(metadata: ModuleMetadata, logs = new LogLines()): Promise<WorkApp> {
  @Module(metadata)
  class RootModule {}
  const app = await NestFactory.create(RootModule, { logger: logs, abortOnError: false });
  return { app, logs };
}

/** The same with one `WorkModule.forRoot`, started. */
export async function startApp(
  options: WorkModuleOptions & WorkModuleNaming,
  metadata: ModuleMetadata,
): Promise<WorkApp> {
  const built = await buildApp({ ...metadata, imports: [WorkModule.forRoot(options), ...(metadata.imports ?? [])] });
  await built.app.init();
  return built;
}
