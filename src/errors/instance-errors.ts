import { WorkError } from '#protocol';

/** How an instance is called in messages. */
export function instanceLabel(name: string | undefined): string {
  return name === undefined ? 'the unnamed instance' : `instance ${JSON.stringify(name)}`;
}

/** Two `WorkModule.forRoot` of one application have the same name, and would run two pools side by side. */
export class DuplicateInstanceError extends WorkError {
  readonly code = 'WORK_DUPLICATE_INSTANCE';

  constructor(readonly instance: string | undefined) {
    super(
      `WorkModule is registered twice as ${instanceLabel(instance)}. Register it once, in the root module: it is global. ` +
        'For a second namespace or Redis, give one of them a "name".',
    );
  }
}

/** A handler, or somebody who asks for an Enqueuer, names an instance that no `forRoot` has. */
export class UnknownInstanceError extends WorkError {
  readonly code = 'WORK_UNKNOWN_INSTANCE';

  constructor(
    readonly place: string,
    readonly instance: string | undefined,
    known: readonly (string | undefined)[],
  ) {
    super(
      `${place} belongs to ${instanceLabel(instance)}, but WorkModule is registered as ${known.map(instanceLabel).join(', ')}. ` +
        'Set "instance" to one of these, or register one of that name.',
    );
  }
}
