/** An error reply that a script caught and passed on as text; like the client's own, so that `isErrorReply` knows it. */
export function replyError(text: string): Error {
  const error = new Error(text);
  error.name = 'ReplyError';
  return error;
}
