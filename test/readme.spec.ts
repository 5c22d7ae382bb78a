import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '..');

interface Block {
  readonly path: string;
  readonly text: string;
}

/** The TypeScript blocks of a Markdown file, each as a module of its own. */
function blocksOf(markdown: string): Block[] {
  const found = readFileSync(join(root, markdown), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms);
  return [...found].map(([, text = ''], index) => ({
    path: join(root, `test/${markdown}-block-${index + 1}.ts`),
    text,
  }));
}

function problemsOf(blocks: readonly Block[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const texts = new Map(blocks.map(({ path, text }) => [path, text]));
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  const program = ts.createProgram([...texts.keys()], { ...options, noEmit: true }, host);
  const diagnostics = [...texts.keys()].flatMap((path) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(path)),
  );
  return diagnostics.map(
    ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}

describe('README', () => {
  it('has TypeScript examples, and each of them compiles as it stands', () => {
    const blocks = blocksOf('README.md');
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    expect(problemsOf(blocks)).toEqual([]);
  });

  it('would not let a wrong example pass', () => {
    const [first] = blocksOf('README.md');
    const wrong = { path: join(root, 'test/wrong-block.ts'), text: `${first!.text}\nnew MailJobs().welcome(1);` };
    expect(problemsOf([wrong])).toEqual([expect.stringContaining('wrong-block.ts')]);
  });
});
