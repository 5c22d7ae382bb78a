import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../..');
const files = readdirSync(__dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));

/** What the compiler says about one file, as a user with the strictest settings would see it. */
function diagnosticsOf(file: string): string[] {
  const path = join(__dirname, file);
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram([path], { ...options, noEmit: true });
  const source = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText, start }) => {
      const line = source!.getLineAndCharacterOfPosition(start ?? 0).line + 1;
      return `${file}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    },
  );
}

describe('What compiles and what does not', () => {
  it.each(files)(
    'is as %s says',
    (file) => {
      expect(diagnosticsOf(file)).toEqual([]);
    },
    60_000,
  );

  it('is looked at in more than one file', () => {
    expect(files.length).toBeGreaterThan(1);
  });
});
