import { existsSync, readFileSync } from 'node:fs';

/** How to get a Redis on this system, for a person to type. */
export function installAdvice() {
  const system = systemIds();
  return Object.entries(advice).find(([id]) => system.includes(id))?.[1] ?? 'Install Redis 6.2 or later.';
}

const advice = {
  debian: 'Type: sudo apt-get install redis-server',
  ubuntu: 'Type: sudo apt-get install redis-server',
  fedora: 'Type: sudo dnf install valkey',
  rhel: 'Type: sudo dnf install valkey',
  alpine: 'Type: sudo apk add redis',
  arch: 'Type: sudo pacman -S valkey',
  suse: 'Type: sudo zypper install redis',
  darwin: 'Type: brew install redis',
  win32: 'Type in WSL: sudo apt-get install redis-server',
};

/** What the system calls itself and what it is like, for example ["ubuntu", "debian"]. */
export function systemIds() {
  if (process.platform !== 'linux' || !existsSync('/etc/os-release')) return [process.platform];
  const text = readFileSync('/etc/os-release', 'utf8');
  return [...text.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, ids]) => ids.split(' '));
}
