type Nothing = false | undefined | null;

/** Resolves as soon as `condition` gives a value that is neither false, null nor undefined; fails with `what` after 10 s. */
export async function waitFor<T>(
  what: string,
  condition: () => T | Nothing | Promise<T | Nothing>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== undefined && value !== null) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
