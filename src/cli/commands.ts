import { Command, CommanderError } from 'commander';
import { Problem } from '../util/errors.ts';
import { collectCommand } from './collect.ts';
import { diffCommand } from './diff.ts';
import { execCommand } from './exec.ts';
import { keepCompiled } from './keep-compiled.ts';
import { mockCommand } from './mock.ts';
import { typesCommand } from './types.ts';
import { verifyCommand } from './verify.ts';
import { version } from './version.ts';

/** It holds; it does not hold; it was used wrongly or cannot run. */
export type ExitCode = 0 | 1 | 2;

/** Runs the command line and says how it ended. A mistake of the user is printed as a sentence, without a stack trace. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  const program = new Command('arzamed')
    .description('A mock of the external API of Arzamed, for development and tests. Unofficial.')
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'arzamed: ')) })
    .showHelpAfterError('Try arzamed --help.')
    .enablePositionalOptions()
    // What a command stands on is loaded by its action; for what has been loaded by then it would not pay.
    .hook('preAction', keepCompiled)
    .addCommand(mockCommand())
    .addCommand(execCommand())
    .addCommand(typesCommand())
    .addCommand(verifyCommand())
    .addCommand(diffCommand())
    .addCommand(collectCommand());
  inheritSettings(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Problem)) throw error;
    process.stderr.write(`arzamed: ${error.message}\n`);
    return error.code === 'generated_drift' ? 1 : 2;
  }
}

/** Commands that are added as a whole do not take over how the program exits and prints. */
function inheritSettings(program: Command): void {
  for (const command of program.commands) {
    command.copyInheritedSettings(program).showHelpAfterError(`Try arzamed ${command.name()} --help.`);
  }
}
