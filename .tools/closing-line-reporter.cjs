// Counts a test run in one line, the last: N passed, N failed, N skipped. A file that does not even load is one
// failure. With NESTJS_WORK_COUNTS_FILE the three numbers go there too, for .ci/run.
const { writeFileSync } = require('node:fs');

module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const file = process.env.NESTJS_WORK_COUNTS_FILE;
    if (file) writeFileSync(file, `${passed} ${failed} ${skipped}\n`);
    process.once('exit', () => console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`));
  }
};
