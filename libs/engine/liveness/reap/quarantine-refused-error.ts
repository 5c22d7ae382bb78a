import { WorkError } from '#protocol';

/** An entry could be moved neither to its queue nor to the quarantine. It stays where it is. */
export class QuarantineRefusedError extends WorkError {
  readonly code = 'WORK_QUARANTINE_REFUSED';

  constructor(readonly key: string) {
    super(
      `Redis refused to set an entry aside in ${JSON.stringify(key)}, probably because that key is no list. Nothing was lost: ` +
        'the entry stays in progress. Look at the key with TYPE, and rename or delete it.',
    );
  }
}
