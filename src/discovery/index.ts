export type { ArgumentsClass } from './arguments-class.js';
export { untoldParameter } from './constructor-parameters.js';
export { discoverJobs } from './discover-jobs.js';
export { handlerLabel, type DiscoveredJob, type HandlerMethod, type Schedule } from './discovered-job.js';
export type { NestModule, ProviderWrapper } from './nest-types.js';
