import { spawnSync } from 'node:child_process';
import { describeRedis } from '../../support/index.js';

interface Server {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  readonly label: string;
}

/** `describeRedis` for what needs a server that can be a node of a Cluster: it knows the first setting, and not the second. */
export const describeCluster = describeMode('Cluster', ['--cluster-enabled', 'yes', '--no-such', 'x'], /no-such/);

/** `describeRedis` for what needs a server that can be a Sentinel: it asks for its file. */
export const describeSentinel = describeMode('Sentinel', ['--sentinel'], /sentinel.*config file/i);

function describeMode(mode: string, args: readonly string[], complaint: RegExp): jest.Describe {
  const server = JSON.parse(process.env['NESTJS_WORK_TEST_REDIS_SERVER'] ?? 'null') as Server | null;
  if (server === null) return describeRedis;
  const env = { ...process.env, ...server.env };
  const { stdout, stderr } = spawnSync(server.command, args, { env, encoding: 'utf8', timeout: 10_000 });
  if (complaint.test(stdout + stderr)) return describeRedis;
  // Not by console: Jest keeps to itself what a file says of which every test is skipped.
  process.stderr.write(`\nNO ${mode.toUpperCase()}: ${server.label} has no such mode, and what needs it is SKIPPED.\n`);
  return describe.skip;
}
