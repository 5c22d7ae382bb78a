// Counts a test run in one line, the last: N passed, N failed, N skipped. A file that does not even load is one
// failure. With NESTJS_WORK_COUNTS_FILE the three numbers go there too, for .ci/run.
const { writeFileSync } = require('node:fs');

const leakGraceMs = 15_000;

module.exports = class ClosingLineReporter {
  constructor(globalConfig) {
    this.watches = globalConfig.watch || globalConfig.watchAll;
  }

  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const file = process.env.NESTJS_WORK_COUNTS_FILE;
    if (file) writeFileSync(file, `${passed} ${failed} ${skipped}\n`);
    if (this.watches) return;
    process.once('exit', () => console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`));
    setTimeout(endLeak, leakGraceMs).unref();
  }
};

// A run must end. What a test leaves open is a fault of that test, so the run fails.
function endLeak() {
  console.error(`The tests are over, and something they left open still holds this process: it is ended as failed.`);
  process.exit(1);
}
