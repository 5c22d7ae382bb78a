export { hostName } from './beat/pool-identity.js';
export { PoolRegistration } from './beat/pool-registration.js';
export { LockKeeper } from './keepers/lock-keeper.js';
export { OrphanFinder } from './keepers/orphan-finder.js';
export { Liveness } from './liveness.js';
