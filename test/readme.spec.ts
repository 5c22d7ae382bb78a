import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { Client } from '#engine';
import { blocksOf } from './support/markdown-blocks.js';

const root = resolve(__dirname, '..');

interface Module {
  readonly path: string;
  readonly text: string;
}

/** The TypeScript blocks of a document, each a module beside the others. */
function modulesOf(document: string): Module[] {
  return blocksOf(join(root, document), 'ts').map(({ path, text }, index) => ({
    path: join(root, 'test', path ?? `${document.replaceAll('/', '-')}-block-${index + 1}.ts`),
    text,
  }));
}

function problemsOf(blocks: readonly Module[]): string[] {
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

const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];

describe('The documents for users', () => {
  it.each(documents)(
    '%s: each TypeScript example compiles as it stands',
    (document) => {
      const blocks = modulesOf(document);
      expect(blocks.length).toBeGreaterThan(2);
      expect(problemsOf(blocks)).toEqual([]);
    },
    60_000,
  );

  it('would not let a wrong example pass', () => {
    const [first] = modulesOf('README.md');
    const wrong = { path: join(root, 'test/wrong-block.ts'), text: `${first!.text}\nnew MailJobs().welcome(1);` };
    expect(problemsOf([wrong])).toEqual([expect.stringContaining('wrong-block.ts')]);
  }, 60_000);

  it('name every method of the client and every event', () => {
    const text = readFileSync(join(root, 'docs/operating.md'), 'utf8');
    const methods = Object.getOwnPropertyNames(Client.prototype).filter((name) => name !== 'constructor');
    expect(methods.filter((name) => !text.includes(`\`${name}(`))).toEqual([]);
    expect(eventTypes().length).toBeGreaterThan(15);
    expect(eventTypes().filter((type) => !text.includes(`\`${type}\``))).toEqual([]);
  });

  it.each(documents)('%s: each link to a file or chapter leads there', (document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    for (const [, file = '', chapter] of links) {
      const target = file ? join(root, dirname(document), file) : join(root, document);
      expect([target, existsSync(target)]).toEqual([target, true]);
      const chapters = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        anchorOf(title),
      );
      if (chapter) expect(chapters).toContain(chapter);
    }
  });
});

/** Every `type` of the union WorkEvent, as the compiler knows it. */
function eventTypes(): string[] {
  const path = join(root, 'libs/engine/events.ts');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const alias = program
    .getSourceFile(path)!
    .statements.find((each) => ts.isTypeAliasDeclaration(each) && each.name.text === 'WorkEvent');
  const union = checker.getTypeAtLocation(alias!) as ts.UnionType;
  return union.types.map((each) => {
    const property = each.getProperty('type')!;
    return (checker.getTypeOfSymbol(property) as ts.StringLiteralType).value;
  });
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
