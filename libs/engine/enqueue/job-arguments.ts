/**
 * Each job's arguments, declared once, best in the file of the class that describes them:
 *
 * ```ts
 * declare module 'nestjs-work' {
 *   interface JobArguments {
 *     send_email: SendEmailDto;
 *   }
 * }
 * ```
 *
 * A declared name is then checked wherever it is enqueued and wherever it is handled; a name that is not declared takes
 * any object.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface JobArguments {}

type DeclaredName = Extract<keyof JobArguments, string>;

/** What a job of this name is given: as declared in `JobArguments`, else any object, or null for none. */
export type ArgumentsOf<N extends string> = N extends DeclaredName ? JobArguments[N] : object | null;
