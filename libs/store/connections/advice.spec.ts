import { replyError } from '../reply-error.js';
import { adviceOnRefusal, adviceOnSilence, HungUpError } from './advice.js';

const networkError = (code: string, message = code) => Object.assign(new Error(message), { code });

describe('adviceOnRefusal', () => {
  it.each([
    ["READONLY You can't write against a read only replica.", /replica.*master.*Sentinel/],
    ['NOAUTH Authentication required.', /password in "connection"/],
    ['WRONGPASS invalid username-password pair or user is disabled.', /user and password/],
    ["NOPERM this user has no permissions to run the 'evalsha' command", /ACL SETUSER/],
    ["ERR The user executing the script can't run this command or subcommand", /ACL SETUSER/],
    ['MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.', /disk/],
    ['MOVED 1234 10.0.0.1:6379', /\{ nodes: \[…\] \}/],
    ['LOADING Redis is loading the dataset in memory', /passes by itself/],
  ])('says what to do about %s', (text, advice) => {
    expect(adviceOnRefusal(replyError(text))).toMatch(advice);
  });

  it('adds nothing to an error that it does not know', () => {
    expect(adviceOnRefusal(replyError('ERR something new'))).toBe('');
  });
});

describe('adviceOnSilence', () => {
  it.each([
    ['a plain connection that is closed without a word', new HungUpError(), false, /write rediss:/],
    [
      'a plain connection that is answered in TLS',
      new Error('Unknown RESP type 21 "". Please report this.'),
      false,
      /write rediss:/,
    ],
    ['a plain connection that is reset', networkError('ECONNRESET'), false, /write rediss:/],
    ['TLS that is never answered', new Error('connect ETIMEDOUT'), true, /write redis:/],
    ['TLS that is answered otherwise', networkError('EPROTO'), true, /write redis:/],
    ['a certificate of an unknown authority', networkError('DEPTH_ZERO_SELF_SIGNED_CERT'), true, /connection\.tls\.ca/],
    ['a certificate of another name', networkError('ERR_TLS_CERT_ALTNAME_INVALID'), true, /servername/],
    ['a host name that nobody knows', networkError('ENOTFOUND'), false, /host name/],
    ['a web server', new Error('Unknown RESP type 72 "H". Please report this.'), false, /no Redis/],
    ['a port that nobody listens on', networkError('ECONNREFUSED'), false, /^Start it.*whenRedisIsDown/],
    ['a server that says nothing at all', undefined, false, /^Start it/],
    ['a connection of a function, of which TLS is not known', new HungUpError(), undefined, /^Start it/],
  ])('says what to do about %s', (_, error, usesTls, advice) => {
    expect(adviceOnSilence(error, usesTls)).toMatch(advice);
  });
});
