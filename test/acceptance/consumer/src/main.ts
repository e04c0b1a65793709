// Prints the board of the clinic whose credentials are in the environment.
import { createClientFromEnv, isArzamedError } from 'arzamed-devkit';
import { board } from './board.ts';

try {
  for (const line of await board(createClientFromEnv())) process.stdout.write(`${line}\n`);
} catch (error) {
  if (!isArzamedError(error)) throw error;
  process.stderr.write(error.code === 'forbidden' ? 'The key was revoked.\n' : `${error.message}\n`);
  process.exitCode = 1;
}
