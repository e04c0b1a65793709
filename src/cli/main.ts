#!/usr/bin/env node
import { run } from './run.ts';

// Deprecations in the libraries that the mock stands on are for us to see, not for those who use it.
process.noDeprecation = true;
process.exitCode = await run(process.argv.slice(2));
