import { Command } from 'commander';

/** What was asked for on the command line. */
export interface TypesOptions {
  spec?: string;
  out?: string;
  check?: boolean;
  allowRemote?: boolean;
}

/** `arzamed types`: writes the TypeScript types of a specification, or looks whether they are still the same. */
export function typesCommand(): Command {
  return new Command('types')
    .description('Write the TypeScript types of a specification into your project.')
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 file (default: the one that comes along)')
    .option('--out <file>', 'file to write (default: print the types)')
    .option('--check', 'write nothing; exit code 1 if the file is missing or not what would be written')
    .option('--allow-remote', 'follow a $ref to another machine (http, https)')
    .action(async (options: TypesOptions) => {
      // All that it stands on comes behind this import: other commands, and --help, need not wait for it.
      const { runTypes } = await import('./run-types.ts');
      await runTypes(options);
    });
}
