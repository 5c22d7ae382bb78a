import { assertJobName, encodeArguments, encodeKey, newId, uniqueKey } from '#protocol';
import type { GoJsonOptions, Keyspace } from '#protocol';
import type { CheckArguments } from './enqueuer-options.js';
import type { JobDraft, RunTime } from './job-draft.js';

export interface JobForm {
  readonly runTime?: RunTime;
  /** Unique by its arguments, or by a key of its own. */
  readonly unique?: 'by-arguments' | { readonly key: object };
}

/** Checks and encodes what callers give. Whatever is wrong with it shows here, before anything is written. */
export class DraftMaker {
  constructor(
    private readonly keyspace: Keyspace,
    private readonly json: GoJsonOptions,
    private readonly check: CheckArguments | undefined,
  ) {}

  /**
   * Encodes in the caller's own turn, so that later changes to the arguments do not count. A promise only where the check
   * needs time: with thousands of calls in one turn, one promise each shows.
   */
  make(name: string, args: object | null, form: JobForm): JobDraft | Promise<JobDraft> {
    assertJobName(name);
    const argsJson = encodeArguments(name, args, this.json);
    const unique = this.#uniqueness(name, argsJson, form.unique);
    const draft = { id: newId(), name, argsJson, runTime: form.runTime, unique };
    return this.check?.(name, args, argsJson)?.then(() => draft) ?? draft;
  }

  #uniqueness(name: string, argsJson: string, unique: JobForm['unique']): JobDraft['unique'] {
    if (!unique) return undefined;
    if (unique === 'by-arguments') return { key: uniqueKey(this.keyspace, name, argsJson), holds: 'one' };
    return { key: uniqueKey(this.keyspace, name, encodeKey(name, unique.key, this.json)), holds: 'job' };
  }
}
