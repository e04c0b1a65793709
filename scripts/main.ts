import { codeOf, Problem } from '../src/util/errors.ts';

/** Runs a script; a mistake of the user is printed as a sentence, with exit code 2 and no stack trace. */
export async function main(script: () => Promise<0 | 1 | 2>): Promise<void> {
  try {
    process.exitCode = await script();
  } catch (error) {
    if (!(error instanceof Problem || isWrongOption(error))) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

/** What `parseArgs` throws for an option that it does not know. */
function isWrongOption(error: unknown): error is Error {
  return error instanceof TypeError && codeOf(error)?.startsWith('ERR_PARSE_ARGS_') === true;
}
