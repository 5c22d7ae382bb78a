const { rmSync } = require('node:fs');

module.exports = async () => {
  const { child, dir } = globalThis.__redisServer ?? {};
  if (!child) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  rmSync(dir, { recursive: true, force: true });
};
