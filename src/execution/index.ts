export { refuseScopedAppWide } from './app-wide-enhancers.js';
export { handlerArguments } from './handler-arguments.js';
export { jobHandler, type Surroundings } from './job-handler.js';
export { findMiddleware } from './middleware-chain.js';
export { refuseSkippedEnhancers } from './refuse-skipped-enhancers.js';
export type { WorkMiddleware } from './work-middleware.js';
