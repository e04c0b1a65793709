/**
 * Resolves when the process is to stop: on Ctrl-C (SIGINT), on SIGTERM as `kill` and containers send it, or when nobody
 * reads any more what it prints.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.stdout.once('error', () => resolve());
  });
}
