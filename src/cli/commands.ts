import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { join, sep } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { shells } from '../intercept/child/print-environment.ts';
import { Problem } from '../util/errors.ts';
import { packageFile } from '../util/files.ts';
import { collect, collectHosts, withBrokerOptions } from './broker-options.ts';
import type {
  CollectOptions,
  DiffOptions,
  ExecOptions,
  ExitCode,
  MockCommandOptions,
  TypesOptions,
  VerifyOptions,
} from './options.ts';

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

/** `arzamed mock`: starts the mock and keeps it running until it is told to stop. */
function mockCommand(): Command {
  return new Command('mock')
    .description('Start a mock of the API on this machine.')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 takes a free one', parsePort, 4010)
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 file to serve (default: the one that comes along)')
    .option('--clinics <folder>', 'folder with one YAML file for each clinic (default: the ones that come along)')
    .option('--public-url <url>', 'URL under which clients reach it, behind a proxy or in a container')
    .option('--signing-key <file>', 'PEM file with the RSA key that signs tokens (default: a new one)')
    .addOption(
      new Option('--error-style <style>', 'how the token endpoint words its errors')
        .choices(['rfc6749', 'cognito'])
        .default('rfc6749'),
    )
    .addOption(
      new Option(
        '--control-token <token>',
        'what requests of the control API must present (default: nothing on this machine; made up for other hosts)',
      ).env('ARZAMED_CONTROL_TOKEN'),
    )
    .option('--fault <json>', 'a fault from the start, as the control API takes it; may be repeated', collect, [])
    .option('--clock <time>', 'what its clock shows at the start, such as 2026-12-24T18:00:00Z')
    .addOption(
      new Option(
        '--intercept',
        "play the API's real hosts too, for programs of this machine that have the environment which --print-env prints",
      ).implies({ printEnv: 'sh' }),
    )
    .addOption(
      new Option('--print-env <shell>', 'with --intercept: print that environment, and nothing else').choices(shells),
    )
    .option('--clinic <clinic>', 'with --intercept: whose credentials it holds (default: the first)')
    .option('--intercept-host <host>', 'with --intercept: a further host; may be repeated', collectHosts, [])
    .option('--allow-network', 'with --intercept: let programs reach all other hosts')
    .option('--json', 'print one line of JSON once it listens, and nothing else')
    .action(async (given: MockCommandOptions & { intercept?: boolean }, command: Command) => {
      // A variable that is set to nothing, as in many a compose file, is none.
      const unset = given.controlToken === '' && command.getOptionValueSource('controlToken') === 'env';
      const options = unset ? { ...given, controlToken: undefined } : given;
      if (options.printEnv !== undefined && !options.intercept) throw printWithoutIntercept();
      // All that the mock stands on comes behind these imports: other commands, and --help, need not wait for it. Another
      // thread makes the key meanwhile.
      const { makeSigningKey } = await import('../mock/state/signing-keys.ts');
      const signingKey = options.signingKey === undefined ? makeSigningKey() : undefined;
      const { runMock } = await import('./run-mock.ts');
      await runMock(options, signingKey);
    });
}

function printWithoutIntercept(): Problem {
  return new Problem({
    code: 'option_invalid',
    what: '--print-env prints the environment in which programs meet the mock under the real hosts of the API.',
    remedy: 'Add --intercept, which plays them.',
  });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a number from 0 to 65535.');
}

/** `arzamed exec`: runs a program that knows nothing of the mock, and has it meet the mock. */
function execCommand(): Command {
  return new Command('exec')
    .description('Run a program, unmodified, with the hosts of the API played by a mock.')
    .argument('<command...>', 'the program and its arguments, behind --')
    .passThroughOptions()
    .option('--clinic <clinic>', 'whose credentials the program gets as ARZAMED_… (default: the first)')
    .option(
      '--host <host>',
      'a host that is played beside those of the specification; may be repeated',
      collectHosts,
      [],
    )
    .option('--offline', 'refuse all other hosts (default)')
    .addOption(new Option('--allow-network', 'let the program reach all other hosts').conflicts('offline'))
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 file to serve (default: the one that comes along)')
    .option('--clinics <folder>', 'folder with one YAML file for each clinic (default: the ones that come along)')
    .option('--fault <json>', 'a fault from the start, as the control API takes it; may be repeated', collect, [])
    .option('--clock <time>', "what the mock's clock shows at the start, such as 2026-12-24T18:00:00Z")
    .addOption(
      new Option('--error-style <style>', 'how the token endpoint words its errors')
        .choices(['rfc6749', 'cognito'])
        .default('rfc6749'),
    )
    .option('--report <file>', 'write what was asked and found, as .json, .md or .html; may be repeated', collect, [])
    .addOption(
      new Option('--fail-on <severity>', 'exit code 1 if there is a finding of this severity or a graver one').choices([
        'warn',
        'error',
      ]),
    )
    .option('--quiet', 'say nothing but what keeps the program from running')
    .action(async ([program = '', ...args]: string[], options: ExecOptions) => {
      // All that it stands on comes behind this import: other commands, and --help, need not wait for it.
      const { exec } = await import('./run-exec.ts');
      process.exitCode = await exec(program, args, options);
    });
}

/** `arzamed verify`: holds contracts, specification and provider against each other. */
function verifyCommand(): Command {
  const command = new Command('verify')
    .description('Hold contracts, specification and provider against each other.')
    .option('--provider <provider>', '`mock`, or the URL of a provider', 'mock')
    .option('--states <url>', "where the provider takes Pact's state changes (default: found out at a mock)")
    .option('--contracts <path>', 'a Pact file, or a folder of them (default: those that come along)')
    .option('--base <revision>', 'hold the contracts against what they were at a revision of the Git repository')
    .option('--allowed <file>', 'which of them may be weaker, and why (default: allowed-weakenings.json, if there)')
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 file (default: the one that comes along)')
    .option('--clinics <folder>', 'what the mock plays (default: the clinics that come along)')
    .option('--clinic <clinic>', "the contracts' clinic that the account of a real provider is like")
    .option('--budget <requests>', 'how many requests a real provider gets at most', parseBudget)
    .option('--report <file>', 'write a report, as .json, .xml (JUnit), .md or .html; may be repeated', collect)
    .option('--strict', 'exit code 1 also where something is not verifiable')
    .option('--strength', 'measure how strong the contracts are, by mutants of the specification')
    .option('--json', 'print the report as one document of JSON');
  return withBrokerOptions(command).action(async (options: VerifyOptions) => {
    const { runVerify } = await import('./run-verify.ts');
    process.exitCode = await runVerify(options);
  });
}

function parseBudget(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a number from 1 to 9999999.');
}

/** `arzamed diff`: what has changed between two specifications, and whom it breaks. */
function diffCommand(): Command {
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

/** `arzamed collect`: makes contracts of what tests wrote that ran side by side. */
function collectCommand(): Command {
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

/** `arzamed types`: writes the TypeScript types of a specification, or looks whether they are still the same. */
function typesCommand(): Command {
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

/** The version of the package that this file is a part of. */
function version(): string {
  // At once: Node's promises for files, which a small command needs for nothing else, take longer to load.
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}

/**
 * Has Node keep what it compiles from now on for the next start: in `node_modules/.cache`, where tools of a project keep
 * such things and other users of the machine put nothing. `NODE_COMPILE_CACHE` names another folder,
 * `NODE_DISABLE_COMPILE_CACHE=1` switches it off; where nothing can be written, nothing is kept.
 */
function keepCompiled(): void {
  // Node looks at both variables by itself; no folder is to be made in vain.
  if (getCompileCacheDir() !== undefined || process.env['NODE_DISABLE_COMPILE_CACHE']) return;
  const folder = join(nearestModules(import.meta.dirname), '.cache/arzamed-devkit');
  try {
    // Node 24 never gives up on a folder that it cannot make.
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    return;
  }
  enableCompileCache(folder);
}

/** The `node_modules` that the package is installed in, or its own where it is a checkout. */
function nearestModules(here: string): string {
  const name = `${sep}node_modules${sep}`;
  const at = here.lastIndexOf(name);
  return at === -1 ? join(here, '../../node_modules') : here.slice(0, at + name.length);
}
