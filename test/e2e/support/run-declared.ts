import { Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { ApplicationConfig, ExternalContextCreator, ModuleRef, ModulesContainer } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { JobRun, type JobHandler } from '#engine';
import { newId } from '#protocol';
import { JobContext, jobContextFacade } from '../../../src/context/index.js';
import { discoverJobs, type DiscoveredJob } from '../../../src/discovery/index.js';
import {
  findMiddleware,
  handlerArguments,
  jobHandler,
  refuseScopedAppWide,
  refuseSkippedEnhancers,
  type WorkMiddleware,
} from '../../../src/execution/index.js';
import { ArgumentsValidator, loadValidationLibrary } from '../../../src/validation/index.js';

export interface Declared {
  readonly module: TestingModule;
  readonly jobs: readonly DiscoveredJob[];
  /** Runs one job as a worker pool would, without Redis. */
  run(name: string, args?: object | null, id?: string): Promise<unknown>;
}

export interface DeclaredOptions {
  readonly middleware?: readonly Type<WorkMiddleware>[];
  readonly appWide?: boolean;
  readonly beforeInit?: (module: TestingModule) => unknown;
}

@Module({ providers: [{ provide: JobContext, useValue: jobContextFacade }], exports: [JobContext] })
class ContextModule {}

/** An application whose declared jobs can be run one by one: discovery, checks and execution without a pool. */
export async function runDeclared(metadata: ModuleMetadata, options: DeclaredOptions = {}): Promise<Declared> {
  const imports = [{ module: ContextModule, global: true }, ...(metadata.imports ?? [])];
  const module = await Test.createTestingModule({ ...metadata, imports }).compile();
  await options.beforeInit?.(module);
  const app = module.createNestApplication({ logger: false });
  await app.init();
  const modules = [...module.get(ModulesContainer).values()];
  const jobs = discoverJobs(modules);
  const handlers = new Map<string, JobHandler>();
  const appWide = options.appWide ? module.get(ApplicationConfig) : undefined;
  const surroundings = {
    creator: module.get(ExternalContextCreator),
    moduleRef: module.get(ModuleRef),
    appWide,
    middleware: findMiddleware(options.middleware ?? [], modules),
  };
  for (const job of jobs) {
    refuseSkippedEnhancers(job, appWide);
    refuseScopedAppWide(appWide, modules, job);
    const type = job.arguments.kind === 'class' ? job.arguments.type : undefined;
    const validator = new ArgumentsValidator(job.name, type, await loadValidationLibrary(), {});
    const args = handlerArguments(job, validator, job.options.onInvalidArguments ?? 'dead');
    handlers.set(job.name, await jobHandler(job, args, surroundings));
  }
  const run = async (name: string, args: object | null = {}, id = newId()) =>
    handlers.get(name)!(jobRun(name, args, id));
  return { module, jobs, run };
}

function jobRun(name: string, args: object | null, id: string): JobRun {
  const json = JSON.stringify(args);
  const document = {
    name,
    id,
    t: 1_700_000_000,
    args: JSON.parse(json) as Record<string, unknown> | null,
    argsBytes: Buffer.from(json),
    unique: false,
    uniqueKey: undefined,
    fails: 0,
    err: undefined,
    failedAt: undefined,
    claimed: false,
    recovered: 0,
  };
  return new JobRun(document, 4, 0, { signal: new AbortController().signal }, { checkin: () => {} });
}
