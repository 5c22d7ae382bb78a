import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Runs a program to its end, whatever that is. What it writes comes back as one text. */
export async function ended(command: string, args: readonly string[], cwd: string, env = {}): Promise<Ended> {
  try {
    const options = { cwd, env: { ...cleanEnvironment(), ...env }, maxBuffer: 64 * 1024 * 1024 };
    const { stdout, stderr } = await run(command, [...args], options);
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const {
      code,
      stdout = '',
      stderr = '',
      message,
    } = error as Error & { code?: unknown; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : 1, text: stdout + stderr || message };
  }
}

/** Runs a program that must succeed, and gives its standard output. */
export async function outputOf(command: string, args: readonly string[], cwd: string, env = {}): Promise<string> {
  const { code, text } = await ended(command, args, cwd, env);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} in ${cwd} ended with ${code}:\n${text}`);
  return text;
}

/** Does a package registry answer? Asked once, before the tests are declared, since Jest cannot skip a test later. */
export function isRegistryReachable(): boolean {
  const args = ['view', 'rxjs', 'version', '--prefer-offline', '--fetch-retries=0', '--fetch-timeout=10000'];
  return spawnSync('npm', args, { env: cleanEnvironment(), timeout: 20_000, stdio: 'ignore' }).status === 0;
}

/** Without what an outer `npm test`, and Jest, put there: what is started is to run as on its own. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const outer =
    /^(npm_(config_(?!registry|userconfig|cache)|lifecycle|package|command)|NODE_ENV$|NODE_OPTIONS$|JEST_|NESTJS_WORK_)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}
