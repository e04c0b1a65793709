#!/usr/bin/env node
import { endQuietlyWhenCut } from './cut-pipe.ts';
import { settingsVariable } from '../mock/workers/messages.ts';
import { run } from './run.ts';

// Deprecations in the libraries that the mock stands on are for us to see, not for those who use it.
process.noDeprecation = true;
endQuietlyWhenCut();
const worker = process.env[settingsVariable];
if (worker !== undefined && process.connected) {
  const { runWorker } = await import('../mock/workers/run-worker.ts');
  await runWorker(JSON.parse(worker));
} else {
  const code = await run(process.argv.slice(2));
  process.exitCode ??= code;
}
