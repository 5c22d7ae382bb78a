// What `npm test`, `npm run demo` and `npm run soak` start. Needs Node alone: it makes the rest come.
//
//   node .tools/bootstrap.mjs            install and generate what is missing
//   node .tools/bootstrap.mjs test …     then run jest with these arguments
//   node .tools/bootstrap.mjs demo …     then build, and run the sample app's demo with these arguments
//   node .tools/bootstrap.mjs soak …     then build, and run the soak with these arguments
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19) || (major === 22 && minor < 12) || major === 21) {
  console.error(`nestjs-work needs Node 20.19 or later (of 22: 22.12), and this is ${process.version}.`);
  process.exit(1);
}

const [task, ...args] = process.argv.slice(2);
try {
  const { endAtSignals } = await import('./processes/signals.mjs');
  const { endWithNpm } = await import('./processes/end-with-npm.mjs');
  endAtSignals();
  endWithNpm();
  const { installIfNeeded } = await import('./bootstrap/install.mjs');
  await installIfNeeded();
  const { generateScripts } = await import('./generate-scripts.mjs');
  generateScripts();
  if (task === 'test') await (await import('./bootstrap/test.mjs')).runTests(args);
  else if (task === 'demo') process.exitCode = await (await import('./bootstrap/demo.mjs')).runDemo(args);
  else if (task === 'soak') process.exitCode = await (await import('./bootstrap/soak.mjs')).runSoak(args);
  else if (task) throw new Error(`There is no task ${task}: test, demo or soak.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
