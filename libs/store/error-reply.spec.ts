import { isErrorReply, replyText } from './error-reply.js';
import { isPassingError } from './passing-error.js';
import { replyError } from './reply-error.js';

const READONLY = "READONLY You can't write against a read only replica.";
const DIGEST = '0b4628d89c0a579724f9af2eea3c28c6bb6045c1';

describe('An error reply', () => {
  it.each([
    ['of a command', READONLY],
    ['of a script, as Redis 7 gives it', `${READONLY} script: ${DIGEST}, on @user_script:20.`],
    ['of a script, as Valkey 9 gives it', `${READONLY} script: on @user_script:20.`],
    [
      'of a script, as Redis 6.2 gives it',
      `ERR Error running script (call to f_${DIGEST}): @user_script:4: @user_script: 4: -${READONLY}  `,
    ],
    ['that a script of Redis 6.2 caught', `@user_script: 4: -${READONLY}`],
  ])('%s is known by what Redis said', (_, message) => {
    const error = replyError(message);
    expect(replyText(error)).toBe(READONLY);
    expect(isErrorReply(error, 'READONLY')).toBe(true);
    expect(isErrorReply(error, 'OOM')).toBe(false);
    expect(isPassingError(error)).toBe(true);
  });

  it('of a master whose replicas are gone passes, since they may have gone to a new one', () => {
    expect(isPassingError(replyError('NOREPLICAS Not enough good replicas to write.'))).toBe(true);
    expect(isPassingError(replyError("OOM command not allowed when used memory > 'maxmemory'."))).toBe(false);
  });

  it('is left as it is where it says nothing of a script', () => {
    const message = "ERR unknown command 'x', with args beginning with: 'script: y'";
    expect(replyText(replyError(message))).toBe(message);
  });

  it('is none where the connection failed, whatever the text', () => {
    expect(isErrorReply(new Error(READONLY))).toBe(false);
    expect(isErrorReply(undefined)).toBe(false);
  });
});
