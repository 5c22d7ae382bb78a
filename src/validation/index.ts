export { ArgumentsValidator, type WireArguments } from './arguments-validator.js';
export { loadValidationLibrary, type ValidationLibrary } from './validation-library.js';
