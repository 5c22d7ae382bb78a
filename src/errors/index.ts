export { DuplicateInstanceError, instanceLabel, UnknownInstanceError } from './instance-errors.js';
export { InvalidJobDeclarationError } from './invalid-job-declaration-error.js';
export { InvalidOptionError, mustBe } from './invalid-option-error.js';
export { MissingMiddlewareError } from './missing-middleware-error.js';
export { NoRunningJobError } from './no-running-job-error.js';
export { SkippedEnhancerError } from './skipped-enhancer-error.js';
