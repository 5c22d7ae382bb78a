export { jobContextFacade } from './job-context-facade.js';
export { JobContext, runInJob } from './job-context.js';
export { RunningJob } from './running-job.js';
