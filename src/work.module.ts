import { Inject, Module, Optional, type DynamicModule, type Provider } from '@nestjs/common';
import { ApplicationConfig, ExternalContextCreator, ModuleRef, ModulesContainer } from '@nestjs/core';
import { WorkerPool } from '#engine';
import { getWorkerPoolToken } from './decorators/tokens.js';
import { InvalidOptionError } from './errors/index.js';
import { declareJobs } from './lifecycle/declare-jobs.js';
import { placeFirstToStop } from './lifecycle/module-distance.js';
import { PoolHost } from './lifecycle/pool-host.js';
import { connectionsModule, instanceToken } from './lifecycle/work-connections.module.js';
import type { WorkInstance } from './lifecycle/work-instance.js';
import { workerPoolOf } from './lifecycle/worker-pool-of.js';
import { optionsProviders } from './options/options-providers.js';
import type {
  GivenOptions,
  WorkModuleAsyncOptions,
  WorkModuleNaming,
  WorkModuleOptions,
} from './options/work-module-options.js';

/** In each module that forRoot or forRootAsync made. */
const CONFIGURED = Symbol('nestjs-work:configured');

/**
 * Background jobs for the application: runs the methods that carry `@Job` and `@Periodic`, and provides Enqueuer, WorkClient,
 * WorkerPool and JobContext everywhere. Register it once, in the root module; it is global.
 *
 * The pool starts when the whole application has started, and stops before anything else does: no new jobs, and running
 * ones get `gracePeriodMs` while all that they inject still works.
 *
 * @example
 * @Module({ imports: [WorkModule.forRoot({ namespace: 'shop', connection: process.env.REDIS_URL })], providers: [Mails] })
 * export class AppModule {}
 */
@Module({})
export class WorkModule {
  /** @throws InvalidOptionError where the application imports the class as it is, and configures it nowhere */
  constructor(@Optional() @Inject(ModulesContainer) modules?: ModulesContainer) {
    if (modules) refuseUnconfigured(modules);
  }

  /** @param options only `namespace` must be given; `name` where the application has several instances */
  static forRoot(options: WorkModuleOptions & WorkModuleNaming): DynamicModule {
    const { name, ...given } = options ?? {};
    return dynamicModule(name, optionsProviders({ useFactory: () => given }), []);
  }

  /**
   * The same with options from a factory, a class or an existing provider, so that ConfigService can give every one.
   *
   * @example
   * WorkModule.forRootAsync({
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({ namespace: config.getOrThrow('WORK_NAMESPACE'), jobs: config.get('jobs') }),
   * })
   */
  static forRootAsync<T extends GivenOptions = WorkModuleOptions>(options: WorkModuleAsyncOptions<T>): DynamicModule {
    return dynamicModule(options.name, optionsProviders(options), options.imports ?? []);
  }
}

function refuseUnconfigured(modules: ModulesContainer): void {
  const isConfigured = [...modules.values()].some(
    ({ providers, metatype }) => metatype === WorkModule && providers.has(CONFIGURED),
  );
  if (!isConfigured) throw InvalidOptionError.ofUnconfigured();
}

function dynamicModule(
  name: string | undefined,
  options: Provider[],
  imports: NonNullable<DynamicModule['imports']>,
): DynamicModule {
  const connections = connectionsModule(name, options, imports);
  return {
    module: WorkModule,
    global: true,
    imports: [connections],
    providers: [poolProvider(name), hostProvider(name), { provide: CONFIGURED, useValue: true }],
    exports: [connections, getWorkerPoolToken(name)],
  };
}

function poolProvider(name: string | undefined): Provider {
  return { provide: getWorkerPoolToken(name), inject: [instanceToken(name)], useFactory: workerPoolOf };
}

function hostProvider(name: string | undefined): Provider {
  return {
    provide: `WorkPoolHost:${name ?? ''}`,
    inject: [instanceToken(name), getWorkerPoolToken(name), ...NEST_PARTS],
    useFactory: poolHost,
  };
}

const NEST_PARTS = [ModulesContainer, ExternalContextCreator, ModuleRef, ApplicationConfig];

function poolHost(
  instance: WorkInstance,
  pool: WorkerPool,
  modules: ModulesContainer,
  creator: ExternalContextCreator,
  moduleRef: ModuleRef,
  applicationConfig: ApplicationConfig,
): PoolHost {
  placeFirstToStop(modules, WorkModule);
  const nest = { modules, creator, moduleRef, applicationConfig };
  return new PoolHost(instance, pool, () => declareJobs(instance, pool, nest));
}
