export { jobContextFacade } from './job-context-facade.js';
export { JobContext } from './job-context.js';
export { runInJob } from './job-storage.js';
export { RunningJob } from './running-job.js';
