import { Command, Option } from 'commander';

/** What was asked for on the command line. */
export interface DiffOptions {
  contracts?: string;
  format: 'text' | 'json' | 'markdown' | 'github';
  json?: boolean;
}

/** `arzamed diff`: what has changed between two specifications, and whom it breaks. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('Say what has changed between two specifications, and which contracts and methods it breaks.')
    .argument('<old>', 'a specification: a file, or REVISION:PATH of the Git repository')
    .argument('<new>', 'another')
    .option('--contracts <path>', 'a Pact file, or a folder of them (default: those that come along)')
    .addOption(
      new Option('--format <format>', 'how it is printed')
        .choices(['text', 'json', 'markdown', 'github'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { runDiff } = await import('./run-diff.ts');
      process.exitCode = await runDiff(before, after, options);
    });
}
