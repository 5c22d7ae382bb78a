import { isAscii } from 'node:buffer';
import { utf8AsGo, wellFormed } from '../json/go-utf8.js';
import type { JobDocument } from './job-document.js';
import { goFieldOf, keyText, type GoField } from './job-fields.js';
import type { MemberSpan } from '../json/json-scanner.js';
import { UndecodableJobError } from './undecodable-job-error.js';

const NULL = Buffer.from('null');
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
/** An integer of so many characters is within int64 for certain. */
const SAFE_INTEGER_LENGTH = 18;

type Fields = { -readonly [F in keyof JobDocument]: JobDocument[F] };
type Args = Readonly<Record<string, unknown>>;

/** Reads the members of one document in their order, as Go's decoder fills a struct. */
export class JobReader {
  readonly #latin1: string;
  readonly #isAscii: boolean;
  readonly #fields: Fields = {
    name: '',
    id: '',
    t: 0,
    args: null,
    argsBytes: NULL,
    unique: false,
    uniqueKey: undefined,
    fails: 0,
    err: undefined,
    failedAt: undefined,
    claimed: false,
    recovered: 0,
  };

  constructor(private readonly bytes: Buffer) {
    this.#latin1 = bytes.toString('latin1');
    this.#isAscii = isAscii(bytes);
  }

  /** What the members read so far say. */
  get document(): JobDocument {
    return this.#fields;
  }

  /** @throws UndecodableJobError */
  read(span: MemberSpan): void {
    const key = this.#key(span);
    const field = goFieldOf(key);
    if (field) this.#readGoField(field, span);
    else this.#readOther(key, span);
  }

  #key({ keyStart, keyEnd }: MemberSpan): string {
    return this.#orInvalid(keyStart, keyEnd, () => keyText(this.#latin1.slice(keyStart, keyEnd)));
  }

  #readGoField(field: GoField, span: MemberSpan): void {
    const fields = this.#fields;
    switch (field) {
      case 'name':
        return void (fields.name = this.#string(field, span) ?? fields.name);
      case 'id':
        return void (fields.id = this.#string(field, span) ?? fields.id);
      case 't':
        return void (fields.t = this.#integer(field, span) ?? fields.t);
      case 'fails':
        return void (fields.fails = this.#integer(field, span) ?? fields.fails);
      case 'args':
        return this.#readArgs(span);
      case 'unique':
        return void (fields.unique = this.#boolean(field, span) ?? fields.unique);
      case 'unique_key':
        return void (fields.uniqueKey = orAbsent(this.#string(field, span), fields.uniqueKey));
      case 'err':
        return void (fields.err = orAbsent(this.#string(field, span), fields.err));
      case 'failed_at':
        return void (fields.failedAt = orAbsent(this.#integer(field, span), fields.failedAt));
    }
  }

  /** Go skips fields that it does not know, but they have to be JSON. Two of them are ours. */
  #readOther(key: string, { valueStart, valueEnd }: MemberSpan): void {
    const value = this.#parse(valueStart, valueEnd);
    if (key === '_claimed') this.#fields.claimed = value === true;
    if (key === '_recovered') this.#fields.recovered = isCount(value) ? value : 0;
  }

  #readArgs({ valueStart, valueEnd, overflows }: MemberSpan): void {
    const args = this.#parse(valueStart, valueEnd);
    if (typeof args !== 'object' || Array.isArray(args)) throw new UndecodableJobError('its "args" is no object');
    if (overflows) throw new UndecodableJobError('its "args" holds a number beyond float64');
    const bytes = this.bytes.subarray(valueStart, valueEnd);
    const fields = this.#fields;
    fields.argsBytes = args && fields.args ? joinObjects(fields.argsBytes, bytes) : bytes;
    fields.args = args && fields.args ? { ...fields.args, ...args } : (args as Args | null);
  }

  /** undefined for null, which leaves a scalar as it is. */
  #string(field: GoField, { valueStart, valueEnd }: MemberSpan): string | undefined {
    const value = this.#parse(valueStart, valueEnd);
    if (value === null) return undefined;
    if (typeof value !== 'string') throw new UndecodableJobError(`its "${field}" is no string`);
    return wellFormed(value);
  }

  #integer(field: GoField, { valueStart, valueEnd }: MemberSpan): number | undefined {
    const literal = this.#latin1.slice(valueStart, valueEnd);
    if (literal === 'null') return undefined;
    if (!INTEGER.test(literal)) throw new UndecodableJobError(`its "${field}" is no integer`);
    if (literal.length > SAFE_INTEGER_LENGTH && BigInt.asIntN(64, BigInt(literal)) !== BigInt(literal)) {
      throw new UndecodableJobError(`its "${field}" is beyond int64`);
    }
    return Number(literal) + 0; // -0 is no number of seconds
  }

  #boolean(field: GoField, { valueStart, valueEnd }: MemberSpan): boolean | undefined {
    const literal = this.#latin1.slice(valueStart, valueEnd);
    if (literal === 'null') return undefined;
    if (literal === 'true' || literal === 'false') return literal === 'true';
    throw new UndecodableJobError(`its "${field}" is neither true nor false`);
  }

  #parse(start: number, end: number): unknown {
    const json = this.#isAscii ? this.#latin1.slice(start, end) : utf8AsGo(this.bytes.subarray(start, end));
    return this.#orInvalid(start, end, () => JSON.parse(json) as unknown);
  }

  #orInvalid<T>(start: number, end: number, parse: () => T): T {
    try {
      return parse();
    } catch {
      throw new UndecodableJobError(`it is no valid JSON between bytes ${start} and ${end}`);
    }
  }
}

/** Go's zero value stands for an absent field; undefined leaves it as it was. */
function orAbsent<T>(value: T | undefined, before: T | undefined): T | undefined {
  return value === undefined ? before : value || undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** Go fills one map from several objects; this is the one object that gives the same. */
function joinObjects(first: Buffer, second: Buffer): Buffer {
  const insides = [first, second].map((bytes) => bytes.toString('latin1', 1, bytes.length - 1));
  return Buffer.from(`{${insides.filter((inside) => inside.trim() !== '').join(',')}}`, 'latin1');
}
