/** Resolves when the process is asked to stop: Ctrl-C (SIGINT), or SIGTERM as `kill` and containers send it. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
