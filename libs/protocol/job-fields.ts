/** The fields of a job document that Go knows. */
export type GoField = 'name' | 'id' | 't' | 'args' | 'unique' | 'unique_key' | 'fails' | 'err' | 'failed_at';

const GO_FIELDS: ReadonlySet<string> = new Set<GoField>([
  'name',
  'id',
  't',
  'args',
  'unique',
  'unique_key',
  'fails',
  'err',
  'failed_at',
]);
const LONGEST = 10;

/** The field that Go fills from a key: it prefers the exact name and otherwise ignores case, by Unicode's simple folding. */
export function goFieldOf(key: string): GoField | undefined {
  if (GO_FIELDS.has(key)) return key as GoField;
  if (key.length > LONGEST) return undefined;
  const folded = key.toLowerCase().replaceAll('ſ', 's');
  return GO_FIELDS.has(folded) ? (folded as GoField) : undefined;
}
