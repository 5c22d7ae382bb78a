export { describeEachGo, describeGo, type GoSurroundings } from './describe-go.js';
export { FILLED, fillByGo, fillByOurs, LATER_SECONDS } from './fill-sets.js';
export type { GoClient, GoHeartbeat, GoListedJob, GoObservation, GoPage, GoQueue } from './go-client.js';
export type { GoJob, GoProducer, GoScheduledJob } from './go-producer.js';
export { DIALECTS, goInterop, type Dialect, type GoPrograms } from './go-programs.js';
export { GoError } from './go-server.js';
export { goValue, RawJson } from './go-values.js';
export type { GoEnding, GoJobType, GoPoolOptions, GoRun, GoWorker } from './go-worker.js';
export { SharedNamespace } from './shared-namespace.js';
