import { readFileSync } from 'node:fs';

/** The rows of a table, by their first cell; the cells by the name of their column. */
export type Table = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The tables of one chapter of a Markdown file, in their order. No cell may hold a `|`. */
export function tablesOf(file: string, chapter: string): Table[] {
  const text = readFileSync(file, 'utf8').split(/^## /m);
  const body = text.find((each) => each.startsWith(`${chapter}\n`)) ?? '';
  return body
    .split('\n\n')
    .filter((block) => block.startsWith('|'))
    .map(tableOf);
}

function tableOf(block: string): Table {
  const [columns = [], , ...rows] = block.trim().split('\n').map(cellsOf);
  return new Map(
    rows.map((cells) => [
      withoutTicks(cells[0] ?? ''),
      Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])),
    ]),
  );
}

function cellsOf(line: string): string[] {
  const cells = line.split('|').map((cell) => cell.trim());
  return cells.slice(1, -1);
}

function withoutTicks(cell: string): string {
  return cell.replaceAll('`', '');
}
