import { WorkError } from '../errors.js';
import { quoted } from '../quoted.js';

/** The namespace cannot be the beginning of a Redis key that people read. */
export class InvalidNamespaceError extends WorkError {
  readonly code = 'WORK_INVALID_NAMESPACE';

  constructor(readonly namespace: unknown) {
    super(
      `Namespace ${quoted(namespace)} is not usable: it must be text of 1 to 128 characters without control ` +
        'characters. Give one that names your application, for example "shop".',
    );
  }
}
