export { WorkError } from './errors.js';
export { InvalidNamespaceError } from './invalid-namespace-error.js';
export { ExtensionKeys, Keyspace } from './keyspace.js';
