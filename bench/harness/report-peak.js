// Loaded into a command before its own code: at its end it writes the peak of its memory, in KiB, to file descriptor 3.
// What the kernel counts for the whole life of a process includes what its parent held, so Linux is asked for this one.
import { readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  writeSync(3, /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? String(process.resourceUsage().maxRSS));
});
