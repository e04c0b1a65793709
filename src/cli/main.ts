#!/usr/bin/env node
import { endQuietlyWhenCut } from './cut-pipe.ts';
import { run } from './commands.ts';

// Deprecations in the libraries that the mock stands on are for us to see, not for those who use it.
process.noDeprecation = true;
endQuietlyWhenCut();
const code = await run(process.argv.slice(2));
process.exitCode ??= code;
