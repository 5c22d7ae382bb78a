import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of a server on 127.0.0.1 that keeps nothing. What the settings give comes last, and wins. */
export function serverArguments({ version, serverArguments: given = [] }, port, folder) {
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: folder };
  const debug = Number.parseInt(version, 10) >= 7 ? { 'enable-debug-command': 'yes' } : {};
  const all = Object.entries({ ...settings, ...debug }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return [...all, ...given.map(String)];
}

/** A Sentinel keeps what it finds out in its configuration file. */
export function sentinelArguments({ sentinel }, port, folder) {
  const file = join(folder, 'sentinel.conf');
  writeFileSync(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...sentinel, ''].join('\n'));
  return [file, '--sentinel'];
}
