import { Command, CommanderError, Option } from 'commander';
import { shells } from '../intercept/child/print-environment.ts';
import { codeOf, messageOf, Problem } from '../util/errors.ts';
import { packageVersion } from '../util/files.ts';
import {
  collect,
  collectHosts,
  formatOption,
  parseNumber,
  parsePattern,
  parsePrefix,
  withBrokerOptions,
  type CertifyOptions,
  type ClientCommandOptions,
  type CollectOptions,
  type DiffOptions,
  type ExecOptions,
  type ExitCode,
  type MockCommandOptions,
  type TypesOptions,
  type VerifyOptions,
  type WhyOptions,
} from './options.ts';
import { printable } from '../util/terminal.ts';

/** What `exec` has to do with the process that runs it. */
interface Host {
  /** File descriptors to hand on to the program. */
  descriptors?: readonly number[];
  /** Called with the signal that ended the program. */
  onFatalSignal?: (signal: NodeJS.Signals) => void;
}

/** Runs the command line. A user's mistake is printed without a stack trace. */
export async function run(args: readonly string[], host: Host = {}): Promise<ExitCode> {
  let annotated: string | undefined;
  const program = new Command('arzamed')
    .description('A mock of the external API of Arzamed, for development and tests. Unofficial.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(said(text.replaceAll(/^error: |\n$/g, ''))) })
    .showHelpAfterError('Try arzamed --help.')
    .enablePositionalOptions()
    .hook('preAction', (_program, command) => {
      takeAliases(command);
      if (command.getOptionValue('format') === 'github') annotated = command.name();
    })
    .addCommand(mockCommand())
    .addCommand(healthCommand())
    .addCommand(execCommand(host))
    .addCommand(certifyCommand())
    .addCommand(typesCommand())
    .addCommand(clientCommand())
    .addCommand(verifyCommand())
    .addCommand(diffCommand())
    .addCommand(collectCommand())
    .addCommand(whyCommand());
  // commander does not copy these settings to commands that are added as a whole.
  for (const command of program.commands) {
    command.copyInheritedSettings(program).showHelpAfterError(`Try arzamed ${command.name()} --help.`);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const message = error instanceof Problem ? error.message : unforeseen(error);
    process.stderr.write(said(message));
    if (annotated !== undefined) await (await import('../report/github.ts')).reportProblem(annotated, error, message);
    return error instanceof Problem && error.code === 'generated_drift' ? 1 : 2;
  }
}

/** A message, which may repeat an argument. */
function said(message: string): string {
  return printable(`arzamed: ${message}`.split('\n'));
}

/** An error of the system in a sentence; what is a defect with its stack, but without the minified code around it. */
function unforeseen(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return `This could not be tried: ${messageOf(error)}.`;
  if (/call stack/.test(messageOf(error))) {
    return 'This could not be tried: a schema of the document refers to itself without end, or is nested too deeply.';
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return `This is a defect of arzamed-devkit, please report it. ${stack ?? messageOf(error)}`;
}

/** Other names of options, each named in the help of the option that it stands for. */
const aliases = { accounts: 'clinics', account: 'clinic' } as const;

function withAliases(command: Command): Command {
  return Object.entries(aliases).reduce(
    (all, [alias, name]) => all.addOption(new Option(`--${alias} <name>`).conflicts(name).hideHelp()),
    command,
  );
}

function takeAliases(command: Command): void {
  for (const [alias, name] of Object.entries(aliases)) {
    const value: unknown = command.getOptionValue(alias);
    if (value !== undefined) command.setOptionValueWithSource(name, value, 'cli').setOptionValue(alias, undefined);
  }
}

/** The options of each command that starts a mock. */
function withMockOptions(command: Command): Command {
  return withAliases(command)
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 document to serve (default: bundled)')
    .option(
      '--clinics <folder>',
      'folder with one YAML file per clinic; also --accounts (default: bundled; one account for another API)',
    )
    .option('--fault <json>', 'fault to set at the start, as in the control API; repeatable', collect)
    .option('--scenario <name>', 'named scenario that runs from the start, such as rate-limit')
    .option(
      '--scenarios <folder>',
      'folder with one YAML file per scenario (default: bundled, for the bundled document)',
    )
    .option('--provider-states <file>', 'YAML file with provider states of your own')
    .addOption(
      new Option('--record <what>', 'keep query, headers and body of each request in the journal').choices(['bodies']),
    )
    .option('--clock <time>', "initial time of the mock's clock, e.g. 2026-12-24T18:00:00Z")
    .addOption(
      new Option('--error-style <style>', 'error format of the token endpoint')
        .choices(['rfc6749', 'cognito'])
        .default('rfc6749'),
    );
}

function mockCommand(): Command {
  return withMockOptions(new Command('mock'))
    .description('Start a mock of the API on this machine.')
    .argument('[spec]', 'OpenAPI 3.0 or 3.1 document, as with --spec (default: bundled)')
    .addOption(new Option('--host <host>', 'address to listen on').default('127.0.0.1').env('ARZAMED_HOST'))
    .option('--port <port>', 'port to listen on; 0 takes a free one', parseNumber(0, 65_535), 4010)
    .option('--public-url <url>', 'URL at which clients reach the mock, behind a proxy or in a container')
    .option('--signing-key <file>', 'PEM file with the RSA key that signs tokens (default: a new key)')
    .addOption(
      new Option(
        '--control-token <token>',
        'bearer token of the control API (default: none on loopback, generated otherwise)',
      ).env('ARZAMED_CONTROL_TOKEN'),
    )
    .addOption(
      new Option(
        '--intercept',
        "also intercept the API's real hostnames, for programs run with the environment from --print-env",
      ).implies({ printEnv: 'sh' }),
    )
    .addOption(new Option('--print-env <shell>', 'with --intercept: print only that environment').choices(shells))
    .option(
      '--clinic <clinic>',
      'with --intercept: clinic whose credentials it contains; also --account (default: the first)',
    )
    .option('--env-prefix <prefix>', envPrefix, parsePrefix)
    .option('--intercept-host <host>', 'with --intercept: another host to intercept; repeatable', collectHosts)
    .option('--allow-network', 'with --intercept: allow programs to reach all other hosts')
    .option('--no-preload', `with --intercept: ${noPreload}`)
    .option('--json', 'print only one line of JSON once the mock listens')
    .addOption(new Option('--quiet', 'print no requests and no findings').conflicts('verbose'))
    .option(
      '--watch',
      'read document, clinics and scenarios again when they change; keep keys, tokens, journal and clock',
    )
    .option('--rewrite-photos', 'let URLs of photos lead to this mock, which serves a picture for each')
    .addOption(
      new Option('--store <url>', 'Redis that replicas share: redis://HOST:PORT')
        .env('ARZAMED_STORE')
        .conflicts(['watch', 'fault', 'clock']),
    )
    .option('--store-prefix <name>', 'beginning of its keys', 'arzamed')
    .option('--verbose', 'print request and answer without secrets; implies --record bodies')
    .action(async (file: string | undefined, given: MockCommandOptions & { intercept?: boolean }, command: Command) => {
      if (file !== undefined && given.spec !== undefined) {
        throw new Problem({
          code: 'option_invalid',
          what: `Two documents are named: ${file} and ${given.spec}.`,
          remedy: 'Name one, as the argument or with --spec.',
        });
      }
      // An empty variable, as compose files often have, counts as unset.
      const unset = given.controlToken === '' && command.getOptionValueSource('controlToken') === 'env';
      const named = file === undefined ? given : { ...given, spec: file };
      const options = unset ? { ...named, controlToken: undefined } : named;
      if (options.printEnv !== undefined && !options.intercept) {
        throw new Problem({
          code: 'option_invalid',
          what: "--print-env prints the environment that redirects the API's real hosts to the mock.",
          remedy: 'Add --intercept.',
        });
      }
      // Imported here, so that --help and other commands do not wait for it; another thread makes the key meanwhile.
      const { makeSigningKey } = await import('../mock/state/signing-keys.ts');
      const signingKey = options.signingKey === undefined ? makeSigningKey() : undefined;
      const { runMock } = await import('./run-mock.ts');
      await runMock(options, signingKey);
    });
}

const noPreload = 'load no files into Node, Bun, Python, Ruby and PHP; set variables alone';

const envPrefix = 'what the names of these variables begin with, instead of ARZAMED';

function healthCommand(): Command {
  return new Command('health')
    .description('Say whether a mock is ready: exit code 0 if it answers within 3 s, else 1.')
    .argument('[url]', 'URL of the mock', 'http://127.0.0.1:4010')
    .action(async (url: string) => {
      const { runHealth } = await import('./why.ts');
      process.exitCode = await runHealth(url);
    });
}

function execCommand({ descriptors, onFatalSignal }: Host): Command {
  return withMockOptions(new Command('exec'))
    .description("Run an unchanged program with the API's hosts redirected to a mock.")
    .argument('<command...>', 'the program and its arguments, after --')
    .passThroughOptions()
    .option(
      '--clinic <clinic>',
      'clinic whose credentials the program gets as ARZAMED_…; also --account (default: the first)',
    )
    .option('--env-prefix <prefix>', envPrefix, parsePrefix)
    .option('--host <host>', 'another host to intercept besides those of the document; repeatable', collectHosts)
    .addOption(new Option('--offline', 'refuse all other hosts (default)').hideHelp())
    .addOption(new Option('--allow-network', 'allow the program to reach all other hosts').conflicts('offline'))
    .option('--no-preload', noPreload)
    .option('--report <file>', 'write a report, as .json, .md, .html, .sarif or .codequality; repeatable', collect)
    .addOption(
      new Option(
        '--fail-on <severity>',
        'exit code 1 on a finding of this severity or worse, or if no request arrived',
      ).choices(['warn', 'error']),
    )
    .addOption(formatOption())
    .option('--quiet', 'print only what keeps the program from running')
    .action(async ([program = '', ...args]: string[], options: ExecOptions) => {
      const { exec } = await import('./run-exec.ts');
      const { code, signal } = await exec(program, args, options, descriptors);
      process.exitCode = code;
      if (signal !== undefined) onFatalSignal?.(signal);
    });
}

function certifyCommand(): Command {
  const command = new Command('certify')
    .description('Check what a program does under faults: run it against the mock in one scenario after another.')
    .argument('[command...]', 'the program and its arguments, after --')
    .passThroughOptions()
    .option('--list', 'list the requirements')
    .option('--only <requirement>', 'check this requirement; repeatable', collect)
    .option('--requirements <date>', 'the set of requirements (default: the newest)')
    .option('--expected <file>', 'JSON list of requirements that are known not to be met, each with a reason')
    .option(
      '--repeat <times>',
      'how often to start the program, or to trigger it, in each scenario',
      parseNumber(1, 1000),
      1,
    )
    .option('--trigger <command>', 'shell command that makes a program call the API that keeps running')
    .option('--ready <url>', 'URL that answers when such a program is ready')
    .option('--patience <seconds>', 'seconds that the program has in each scenario', parseNumber(1, 86_400), 30)
    .option('--jobs <number>', 'how many scenarios run at once', parseNumber(1, 64), 1)
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 document (default: bundled)')
    .option('--clinics <folder>', "folder with the mock's clinics; also --accounts (default: bundled)")
    .option('--clinic <clinic>', 'clinic whose credentials the program gets; also --account (default: the first)')
    .option('--env-prefix <prefix>', envPrefix, parsePrefix)
    .option('--allow-network', 'allow the program to reach all other hosts')
    .option(
      '--report <file>',
      'write a report, as .html, .json, .xml (JUnit), .md, .sarif, .codequality or .svg; repeatable',
      collect,
    )
    .addOption(
      new Option(
        '--probe',
        'run the program once for each change of an answer that the document allows, and name what it does not survive',
      ).conflicts(['only', 'list', 'requirements', 'expected', 'report', 'jobs']),
    )
    .option('--expect-output <regex>', 'with --probe: what the output of a run that succeeds matches', parsePattern)
    .option('--budget <seconds>', 'with --probe: seconds for all runs', parseNumber(1, 86_400), 600)
    .option('--check <report>', 'check that a report was not changed')
    .addOption(formatOption().conflicts('json'))
    .option('--json', 'print the report as one JSON document');
  return withAliases(command).action(async ([program = '', ...args]: string[], options: CertifyOptions) => {
    const { runCertify } = await import('./run-certify.ts');
    process.exitCode = await runCertify(program, args, options);
  });
}

function verifyCommand(): Command {
  const command = new Command('verify')
    .description('Check contracts, the OpenAPI document and a provider against each other.')
    .option('--provider <provider>', '`mock`, or the URL of a provider', 'mock')
    .option('--states <url>', "URL for Pact's state changes (default: detected for the mock)")
    .option('--header <header>', "'NAME: VALUE' that each request to the provider has; repeatable", collect)
    .option('--contracts <path>', 'Pact file or folder of Pact files, or `none` (default: ./contracts, or bundled)')
    .option('--base <revision>', 'compare the contracts with those at a Git revision')
    .option('--allowed <file>', 'file of allowed weakenings (default: allowed-weakenings.json if present)')
    .option('--accepted <file>', 'file of accepted findings (default: accepted-findings.json if present)')
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 document (default: bundled)')
    .option('--clinics <folder>', "folder with the mock's clinics; also --accounts (default: bundled)")
    .option(
      '--clinic <clinic>',
      'clinic in the contracts that matches your account at the live provider; also --account',
    )
    .option('--budget <requests>', 'most requests to a live provider', parseNumber(1, 9_999_999))
    .option(
      '--report <file>',
      'write a report, as .json, .xml (JUnit), .md, .html, .sarif or .codequality; repeatable',
      collect,
    )
    .option('--strict', 'exit code 1 if something is not verifiable')
    .option('--show-values', 'show values of answers in verdicts; never those of a live provider')
    .option('--strength', 'measure the strength of the contracts by mutants of the document')
    .addOption(formatOption().conflicts('json'))
    .option('--json', 'print the report as one JSON document');
  return withBrokerOptions(withAliases(command)).action(async (options: VerifyOptions) => {
    const { runVerify } = await import('./run-verify.ts');
    process.exitCode = await runVerify(options);
  });
}

function diffCommand(): Command {
  return new Command('diff')
    .description('List the changes between two OpenAPI documents, and the contracts and methods they break.')
    .argument('<old>', 'the old document: a file, or REVISION:PATH in the Git repository')
    .argument('<new>', 'the new document')
    .option('--contracts <path>', 'Pact file or folder of Pact files, or none (default: ./contracts, or bundled)')
    .option('--strict', 'exit code 1 if it cannot be decided whether a change breaks')
    .option('--report <file>', 'write a report, as .json, .md, .sarif or .codequality; repeatable', collect)
    .addOption(formatOption('json', 'markdown').default('text'))
    .option('--json', 'the same as --format json')
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { runDiff } = await import('./run-diff.ts');
      process.exitCode = await runDiff(before, after, options);
    });
}

function collectCommand(): Command {
  return new Command('collect')
    .description('Merge Pact files written by parallel tests; fail if an interaction is missing.')
    .argument('<folder>', 'folder with one subfolder per declared interaction')
    .option('--out <folder>', 'folder for the merged contracts', 'contracts')
    .option('--check', 'write nothing; exit code 1 if a contract would change')
    .action(async (folder: string, options: CollectOptions) => {
      const { runCollect } = await import('./run-collect.ts');
      process.exitCode = await runCollect(folder, options);
    });
}

function whyCommand(): Command {
  return new Command('why')
    .description('Say why a running mock answered as it did: by cause, or one request with all that was checked.')
    .argument('[id]', 'number of the request in the journal, behind # in the log of the mock')
    .option('--url <url>', 'URL of the mock, or of a sandbox', 'http://127.0.0.1:4010')
    .addOption(
      new Option('--control-token <token>', 'bearer token of its control API, if it asks for one').env(
        'ARZAMED_CONTROL_TOKEN',
      ),
    )
    .option('--json', 'print JSON')
    .action(async (id: string | undefined, options: WhyOptions) => {
      const { runWhy } = await import('./why.ts');
      process.exitCode = await runWhy(id, options);
    });
}

function typesCommand(): Command {
  return new Command('types')
    .description('Write the TypeScript types of an OpenAPI document into your project.')
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 document (default: bundled)')
    .option('--out <file>', 'file to write (default: print the types)')
    .option('--check', 'write nothing; exit code 1 if the file is missing or outdated')
    .addOption(formatOption())
    .option('--allow-remote', 'follow $refs to other hosts (http, https)')
    .action(async (options: TypesOptions) => {
      const { runTypes } = await import('./run-types.ts');
      await runTypes(options);
    });
}

function clientCommand(): Command {
  return new Command('client')
    .description('Write a typed TypeScript client of an OpenAPI document into your project.')
    .option('--spec <file>', 'OpenAPI 3.0 or 3.1 document (default: bundled)')
    .requiredOption('--out <folder>', 'folder to write client.ts and types.ts into')
    .option('--check', 'write nothing; exit code 1 if a file is missing or outdated')
    .addOption(formatOption())
    .option('--env-prefix <prefix>', envPrefix, parsePrefix)
    .option('--allow-remote', 'follow $refs to other hosts (http, https)')
    .action(async (options: ClientCommandOptions) => {
      const { runClient } = await import('./run-types.ts');
      await runClient(options);
    });
}
