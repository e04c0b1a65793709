// Runs Stryker in a process of its own, with the options of the first argument. It is beside the packages that it needs.
// Exit code 1: the score is too low; 2: it could not run, and has said why.
import { Stryker } from '@stryker-mutator/core';

try {
  await new Stryker(JSON.parse(process.argv[2] ?? '{}')).runMutationTest();
} catch {
  process.exitCode = 2;
}
