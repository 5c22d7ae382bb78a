import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { arbitraryArguments, arbitraryNumber, arbitraryText } from '../../../test/support/arbitrary-json.js';
import { decodeJob } from './decode-job.js';
import { encodeGoJson } from '../json/go-json.js';
import type { JobDocument } from './job-document.js';
import { JobReader } from './job-reader.js';
import { scanDocument } from '../json/json-scanner.js';
import { readPlainJob } from './plain-job.js';
import { UndecodableJobError } from './undecodable-job-error.js';

interface GoVerdict {
  readonly doc: string;
  readonly go: null | {
    readonly name: string;
    readonly id: string;
    readonly t: string;
    readonly args: string;
    readonly unique: boolean;
    readonly unique_key: string;
    readonly fails: string;
    readonly err: string;
    readonly failed_at: string;
  };
  readonly error?: string;
}

function verdicts(): GoVerdict[] {
  const path = join(__dirname, '../../../test/fixtures/wire/go-decoding.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as GoVerdict);
}

/** In the form of the recorded verdicts. */
function asGoSays(job: JobDocument): NonNullable<GoVerdict['go']> {
  return {
    name: job.name,
    id: job.id,
    t: String(BigInt(job.t)),
    args: encodeGoJson(job.args).replaceAll('\\ufffd', '\ufffd'),
    unique: job.unique,
    unique_key: job.uniqueKey ?? '',
    fails: String(BigInt(job.fails)),
    err: job.err ?? '',
    failed_at: String(BigInt(job.failedAt ?? 0)),
  };
}

function isDecoded(bytes: Buffer): boolean {
  try {
    decodeJob(bytes);
    return true;
  } catch (error) {
    if (error instanceof UndecodableJobError) return false;
    throw error;
  }
}

describe('decodeJob, held against others', () => {
  it("agrees with Go's decoder on recorded documents, and reads the same from them", () => {
    const seen = { accepted: 0, refused: 0 };
    for (const { doc, go, error } of verdicts()) {
      const bytes = Buffer.from(doc, 'base64');
      const isJob = go !== null && go.name !== '';
      seen[isJob ? 'accepted' : 'refused']++;
      if (isJob) expect(asGoSays(decodeJob(bytes))).toEqual(roundedLikeNumbers(go));
      else expect([error ?? 'no name', isDecoded(bytes)]).toEqual([expect.anything(), false]);
    }
    expect(seen.accepted).toBeGreaterThan(300);
    expect(seen.refused).toBeGreaterThan(300);
  });

  it('reads the same the quick way and the exact way, wherever the quick way answers', () => {
    let quick = 0;
    fc.assert(
      fc.property(arbitraryDocument, (text) => {
        const bytes = Buffer.from(text);
        const scan = scanDocument(bytes)!;
        const job = readPlainJob(bytes, scan);
        if (!job) return;
        quick++;
        const reader = new JobReader(bytes);
        for (const member of scan.members) reader.read(member);
        expect(job).toEqual(reader.document);
      }),
      { numRuns: 1000 },
    );
    expect(quick).toBeGreaterThan(100);
  });

  it('accepts nothing that is no JSON', () => {
    const broken = fc.tuple(arbitraryDocument, fc.nat(), fc.constantFrom('', '"', ',', '{', '}', '\\', '0', 'x', '\n'));
    fc.assert(
      fc.property(broken, ([text, at, inserted]) => {
        const cut = at % (text.length + 1);
        const damaged = text.slice(0, cut) + inserted + text.slice(cut + 1);
        if (isDecoded(Buffer.from(damaged))) expect(() => JSON.parse(damaged) as unknown).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

/** Integers beyond 2^53 are numbers with us, so they are compared rounded. */
function roundedLikeNumbers(go: NonNullable<GoVerdict['go']>): NonNullable<GoVerdict['go']> {
  const rounded = (integer: string) => String(BigInt(Number(integer)));
  return { ...go, t: rounded(go.t), fails: rounded(go.fails), failed_at: rounded(go.failed_at) };
}

const fieldValue: Record<string, fc.Arbitrary<unknown>> = {
  name: arbitraryText.filter((text) => text !== ''),
  id: arbitraryText,
  t: fc.maxSafeInteger(),
  args: fc.option(arbitraryArguments),
  unique: fc.boolean(),
  unique_key: arbitraryText,
  fails: fc.nat(),
  err: arbitraryText,
  failed_at: fc.nat(),
  _claimed: fc.constant(true),
  _recovered: fc.nat(5),
  extra: arbitraryArguments,
};
const anyValue = fc.oneof(fc.constant(null), fc.boolean(), arbitraryNumber, arbitraryText, arbitraryArguments);
const member = fc
  .constantFrom(...Object.keys(fieldValue))
  .chain((field) =>
    fc.tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.constant(field) },
        { weight: 1, arbitrary: fc.constant(field.toUpperCase()) },
      ),
      fc.oneof({ weight: 15, arbitrary: fieldValue[field]! }, { weight: 1, arbitrary: anyValue }),
    ),
  );

/** Documents that are jobs, nearly jobs, and with fields twice. */
const arbitraryDocument = fc
  .tuple(fieldValue['name']!, fc.array(member, { maxLength: 6 }), fc.constantFrom('', ' ', '\n\t'))
  .map(([name, members, space]) => {
    const all = [['name', name] as const, ...members];
    return `{${all.map(([key, value]) => `${space}${JSON.stringify(key)}:${space}${JSON.stringify(value)}`).join(',')}}`;
  });
