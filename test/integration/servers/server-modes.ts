import { spawnSync } from 'node:child_process';
import { describeRedis } from '../../support/index.js';

interface Server {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  readonly label: string;
}

/** What to start a server with that has the mode, and what it then complains of. */
const MODES = {
  Cluster: { args: ['--cluster-enabled', 'yes', '--no-such', 'x'], complaint: /no-such/ },
  Sentinel: { args: ['--sentinel'], complaint: /sentinel.*config file/i },
};

/** `describeRedis` for what needs a server that has this mode. */
export function describeMode(mode: keyof typeof MODES): jest.Describe {
  const { args, complaint } = MODES[mode];
  const server = JSON.parse(process.env['NESTJS_WORK_TEST_REDIS_SERVER'] ?? 'null') as Server | null;
  if (server === null) return describeRedis;
  const env = { ...process.env, ...server.env };
  const { stdout, stderr } = spawnSync(server.command, args, { env, encoding: 'utf8', timeout: 10_000 });
  if (complaint.test(stdout + stderr)) return describeRedis;
  // Not by console: Jest keeps to itself what a file says of which every test is skipped.
  process.stderr.write(`\nNO ${mode.toUpperCase()}: ${server.label} has no such mode, and what needs it is SKIPPED.\n`);
  return describe.skip;
}
