// Node's environment. A worker of Jest whose parent was killed would wait for ever on what its test left open. It looks now
// and then whether the parent is there: a listener of 'disconnect' would hold every worker open until Jest ends it by force.
const { TestEnvironment } = require('jest-environment-node');

const watch = Symbol.for('nestjs-work: ends a worker with its parent');
if (process.send) process[watch] ??= setInterval(() => process.connected || process.exit(1), 1_000).unref();

module.exports = TestEnvironment;
