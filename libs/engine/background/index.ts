export { jittered } from './jittered.js';
export { RepeatingTask } from './repeating-task.js';
export { safeReport } from './safe-report.js';
export { TimeLimit } from './time-limit.js';
export { ToldOnce } from './told-once.js';
