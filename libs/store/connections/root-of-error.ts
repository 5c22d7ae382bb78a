/** Of a Cluster, ioredis tells that all nodes have failed, and within that how the last of them did. */
export function rootOfError(error: Error): Error {
  const { lastNodeError } = error as { readonly lastNodeError?: unknown };
  return lastNodeError instanceof Error ? lastNodeError : error;
}
