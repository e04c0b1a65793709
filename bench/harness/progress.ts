/** Says on a terminal what is going on, in one line that is written over and over; nothing in a pipe. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}

/** Something that stays, on a terminal only. */
export function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}\n`);
}
