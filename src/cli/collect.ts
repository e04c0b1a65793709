import { Command } from 'commander';

/** What was asked for on the command line. */
export interface CollectOptions {
  out: string;
  check?: boolean;
}

/** `arzamed collect`: makes contracts of what tests wrote that ran side by side. */
export function collectCommand(): Command {
  return new Command('collect')
    .description('Make contracts of what consumer tests wrote side by side, and count whether any is missing.')
    .argument('<folder>', 'where each declared interaction has a folder of its own')
    .option('--out <folder>', 'where the contracts go', 'contracts')
    .option('--check', 'write nothing; exit code 1 if that would change anything')
    .action(async (folder: string, options: CollectOptions) => {
      const { runCollect } = await import('./run-collect.ts');
      process.exitCode = await runCollect(folder, options);
    });
}
