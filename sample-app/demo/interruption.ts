/** As shells have it for SIGINT. */
export const INTERRUPTED_EXIT_CODE = 130;

/** Aborts at the first Ctrl-C, for a clean end. A second one does not wait for it. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupt);
  return controller.signal;
}
