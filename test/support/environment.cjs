// Node's environment. A worker of Jest whose parent was killed would wait for ever on what its test left open.
const { TestEnvironment } = require('jest-environment-node');

if (process.send && !process.listeners('disconnect').some(({ name }) => name === 'endWithParent')) {
  process.once('disconnect', function endWithParent() {
    process.exit(1);
  });
}

module.exports = TestEnvironment;
