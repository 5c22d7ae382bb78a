import { isExecutable, onPath, output } from '../processes/commands.mjs';
import { debianServer } from './debian.mjs';

const minimum = [6, 2];

/**
 * A server binary to start, as `{ command, env, version, label }`: the one that NESTJS_WORK_REDIS_SERVER names, else
 * `redis-server` or `valkey-server` on PATH, else, on Debian and Ubuntu, the distribution's own package, unpacked into
 * .cache. Nothing on the system is changed. `{ missing }` says why there is none.
 *
 * @throws where NESTJS_WORK_REDIS_SERVER names something that is no usable server.
 */
export async function findRedisServer() {
  const named = process.env.NESTJS_WORK_REDIS_SERVER;
  if (named) return await usable({ command: named });
  const refused = [];
  for (const command of ['redis-server', 'valkey-server'].map((name) => onPath(name)).filter(Boolean)) {
    try {
      return await usable({ command });
    } catch (error) {
      refused.push(error.message);
    }
  }
  try {
    return await usable(await debianServer());
  } catch (error) {
    return { missing: [...refused, error.message].join(' ') };
  }
}

async function usable({ command, env = {} }) {
  if (!isExecutable(command)) throw new Error(`${command} is no executable file.`);
  const text = await output(command, ['--version'], { env: { ...process.env, ...env }, timeoutMs: 10_000 });
  const [, name, version] = /(Redis|Valkey) server v=([\d.]+)/i.exec(text) ?? [];
  if (!version) throw new Error(`${command} --version does not answer as a Redis or Valkey server.`);
  if (isOlder(version))
    throw new Error(`${command} is ${name} ${version}, and ${minimum.join('.')} is the oldest that will do.`);
  return { command, env, version, label: `${name} ${version} (${command})` };
}

function isOlder(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < minimum[0] || (major === minimum[0] && minor < minimum[1]);
}
