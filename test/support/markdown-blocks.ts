import { readFileSync } from 'node:fs';

/** A block of code in a Markdown file. */
export interface Block {
  /** What its first line names: `// mail.jobs.ts`. */
  readonly path: string | undefined;
  readonly text: string;
}

/** The blocks of one language, in their order. */
export function blocksOf(file: string, language: 'ts' | 'js'): Block[] {
  const found = readFileSync(file, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...found].map(([, text = '']) => ({ path: /^\/\/ (\S+\.[jt]s)\n/.exec(text)?.[1], text }));
}
