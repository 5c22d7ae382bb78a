import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { here } from '../../here.js';
import { errorStack } from './error-stack.js';

const engine = join(here, 'run/job-executor.js');

function errorWith(stack: readonly string[], cause?: unknown): Error {
  return Object.assign(new Error('boom', { cause }), { stack: stack.join('\n') });
}

describe('errorStack', () => {
  it('is what the application did, without the frames of this package and of Node below it', () => {
    const stack = [
      'Error: boom',
      'in two lines',
      '    at node:internal/deps/undici/undici:14976:13',
      '    at send (/app/dist/mailer.js:5:11)',
      '    at MailJobs.welcome (file:///app/dist/mail.jobs.js:23:15)',
      `    at call (${pathToFileURL(engine).href}:59:53)`,
      '    at AsyncLocalStorage.run (node:async_hooks:346:14)',
      `    at async #attempt (${engine}:60:40)`,
    ];
    expect(errorStack(errorWith(stack))).toBe(stack.slice(0, 5).join('\n'));
  });

  it('keeps frames of the application that this package has called in between', () => {
    const stack = [
      'Error: boom',
      '    at MailJobs.welcome (/app/jobs.js:1:1)',
      `    at x (${engine}:1:1)`,
      '    at Timed.use (/app/timed.js:2:2)',
    ];
    expect(errorStack(errorWith(stack))).toBe([stack[0], stack[1], stack[3]].join('\n'));
  });

  it('is whole where the application has no part in it', () => {
    const stack = ['Error: boom', `    at x (${engine}:1:1)`, '    at y (node:events:2:2)'];
    expect(errorStack(errorWith(stack))).toBe(stack.join('\n'));
  });

  it('goes on with what caused the error', () => {
    const cause = errorWith(['Error: refused', '    at connect (/app/net.js:1:1)', `    at x (${engine}:1:1)`]);
    expect(errorStack(errorWith(['Error: boom', '    at call (/app/a.js:1:1)'], cause))).toBe(
      'Error: boom\n    at call (/app/a.js:1:1)\ncaused by Error: refused\n    at connect (/app/net.js:1:1)',
    );
  });

  it('is empty for what is no error', () => {
    expect(errorStack('text')).toBe('');
  });
});
