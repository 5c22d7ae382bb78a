import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IsString } from 'class-validator';
import { Connections, InvalidJobOptionsError } from '#engine';
import { defaultBackoff, encodeGoJson, Keyspace } from '#protocol';
import { JobTypeRegistry } from '../libs/engine/run/index.js';
import { JOB_OPTIONS, ON_INVALID_ARGUMENTS, PERIODIC_OPTIONS, TUNING } from '../src/options/job-options.js';
import type { OptionRule } from '../src/options/option-rules.js';
import { RULES } from '../src/options/resolved-work-options.js';
import { ArgumentsValidator, loadValidationLibrary } from '../src/validation/index.js';
import { tablesOf, type Table } from './support/markdown-tables.js';

const readme = join(__dirname, '../README.md');
const [moduleTable, jobTable] = tablesOf(readme, 'Options') as [Table, Table];
const rules = Object.entries(RULES) as [keyof typeof RULES, OptionRule][];

const ESCAPES = ['go1.22', 'go1.21'] as const;

const cellOf = (table: Table, option: string, column: 'default' | 'allowed') => table.get(option)?.[column];
const code = (value: unknown) => `\`${show(value)}\``;
const number = (value: number) => value.toLocaleString('en-US');

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

describe('The table of the options of WorkModule', () => {
  /** What stands in its own place, or is no value: the cell, as the code beside it has it. */
  const elsewhere: Partial<Record<keyof typeof RULES, string>> = {
    connection: `\`redis://${new Connections().target}\``,
    jsonEscapes: code(ESCAPES.find((escapes) => encodeGoJson('\b', { escapes }) === encodeGoJson('\b'))),
    validation: '`{ whitelist: false, forbidNonWhitelisted: false, transform: true }`',
  };

  function defaultCell(option: keyof typeof RULES, { fallback, optional }: OptionRule): string | undefined {
    if (elsewhere[option] !== undefined) return elsewhere[option];
    if (fallback === undefined) return optional ? undefined : 'none, must be given';
    return typeof fallback === 'number' ? number(fallback) : code(fallback);
  }

  it('has each of them, in one order, and the name', () => {
    expect([...moduleTable.keys()]).toEqual([...Object.keys(RULES), 'name']);
  });

  it.each(rules)('has the default of %s', (option, rule) => {
    expect(cellOf(moduleTable, option, 'default')).toBe(defaultCell(option, rule));
  });

  /** The clause of its refusal, in the words of the table; undefined where it is prose: then the cell must say something. */
  function allowedCell({ allowed }: OptionRule): string | undefined {
    const range = /(\S+) to (\S+)( characters)?/.exec(allowed);
    if (range) return `${range[1]}–${range[2]}${range[3] ?? ''}`;
    if (allowed.startsWith('"')) return valuesCell(JSON.parse(`[${allowed.replaceAll(' or ', ',')}]`) as string[]);
    return allowed === 'true or false' ? '' : undefined;
  }

  it.each(rules)('has what %s may be', (option, rule) => {
    expect(cellOf(moduleTable, option, 'allowed')).toEqual(allowedCell(rule) ?? expect.stringMatching(/\w/));
  });

  it('has the length that a namespace may have', () => {
    const [, most] = cellOf(moduleTable, 'namespace', 'allowed')!
      .split(/[^\d]+/)
      .map(Number);
    expect(new Keyspace('x'.repeat(most!)).namespace).toHaveLength(most!);
    expect(() => new Keyspace('x'.repeat(most! + 1))).toThrow(/amespace/);
  });

  it('has how arguments are validated by default', async () => {
    class Mail {
      @IsString() to!: string;
    }
    const wire = { args: { to: 'x', more: 1 }, argsBytes: '{"to":"x","more":1}' };
    const byDefault = RULES.validation.fallback as object;
    const validator = new ArgumentsValidator('mail', Mail, await loadValidationLibrary(), byDefault);
    expect(await validator.validate(wire)).toEqual(Object.assign(new Mail(), wire.args));
    expect(await validator.validate(wire)).toBeInstanceOf(Mail);
  });
});

describe('The table of the options of @Job', () => {
  const declare = (options: object) => new JobTypeRegistry().register('mail', options, () => {});
  const byDefault = declare({});

  /** undefined where it is not a value: then the cell must say something. */
  const defaults: Record<(typeof JOB_OPTIONS)[number], string | undefined> = {
    priority: number(byDefault.priority),
    maxFails: number(byDefault.maxFails),
    maxConcurrency: byDefault.maxConcurrency === undefined ? 'not given' : number(byDefault.maxConcurrency),
    skipDead: code(byDefault.skipDead),
    backoff: undefined,
    args: undefined,
    instance: undefined,
    onInvalidArguments: code(ON_INVALID_ARGUMENTS.fallback),
  };

  it('has each of them, and the text below it those of @Periodic', () => {
    const byName = (a: string, b: string) => a.localeCompare(b);
    expect([...jobTable.keys()].toSorted(byName)).toEqual([...JOB_OPTIONS].toSorted(byName));
    const sentence = /^`@Periodic\(expression, options\)` takes the same and .*?\. /ms.exec(
      readFileSync(readme, 'utf8'),
    );
    const more = PERIODIC_OPTIONS.filter((option) => !(JOB_OPTIONS as readonly string[]).includes(option));
    expect([...sentence![0].matchAll(/`(\w+)`/g)].map(([, option]) => option)).toEqual(more);
  });

  it('has each that the engine takes', () => {
    const [, names = ''] = /there are (.*)\.$/.exec(refusal({ mistyped: 1 }).problem) ?? [];
    expect(names.split(', ').filter((option) => !jobTable.has(option))).toEqual([]);
  });

  it.each(JOB_OPTIONS)('has the default of %s', (option) => {
    const cell = cellOf(jobTable, option, 'default');
    expect(Object.keys(defaults)).toContain(option);
    expect(cell).toEqual(defaults[option] ?? expect.stringMatching(/\w/));
  });

  it('has the formula of the wait before the next attempt', () => {
    const formula = /^f⁴ \+ (\d+) \+ r·\(f \+ 1\) seconds, r (\d+)–(\d+) by chance$/;
    const [, constant = NaN, least = NaN, most = NaN] = formula
      .exec(cellOf(jobTable, 'backoff', 'default')!)!
      .map(Number);
    for (const fails of [1, 2, 7]) {
      const seconds = (r: number) => fails ** 4 + constant + r * (fails + 1);
      expect(defaultBackoff(fails, () => 0)).toBe(seconds(least));
      expect(defaultBackoff(fails, () => 1 - Number.EPSILON)).toBe(seconds(most));
    }
  });

  it.each(TUNING.filter((option) => option !== 'onInvalidArguments'))('has what %s may be', (option) => {
    expect(cellOf(jobTable, option, 'allowed')).toBe(allowedCell(option));
  });

  it('has what may become of a job whose arguments are invalid', () => {
    expect(cellOf(jobTable, 'onInvalidArguments', 'allowed')).toBe(valuesCell(ON_INVALID_ARGUMENTS.values));
  });

  /** What its refusal says, in the words of the table. */
  function allowedCell(option: string): string {
    const { problem } = refusal({ [option]: 'wrong' });
    const [, least, most] = /must be a whole number (?:from|of at least) (\d+)(?: to (\d+))?/.exec(problem) ?? [];
    if (problem.endsWith('must be true or false.')) return '';
    if (problem.endsWith('must be a function that returns seconds.')) return '`(job) => seconds`';
    const zero = problem.includes('0 means no limit') ? ', 0 = no limit' : '';
    return most === undefined ? `≥ ${least}${zero}` : `${least}–${number(Number(most))}${zero}`;
  }

  function refusal(options: object): InvalidJobOptionsError {
    try {
      declare(options);
    } catch (error) {
      if (error instanceof InvalidJobOptionsError) return error;
    }
    throw new Error(`${JSON.stringify(options)} is not refused`);
  }
});

function valuesCell(values: readonly unknown[]): string {
  return values.map(code).join(', ');
}
