import { Command, InvalidArgumentError, Option } from 'commander';
import type { ErrorStyle } from '../mock/error-style.ts';
import { shells, type Shell } from '../intercept/child/print-environment.ts';
import { Problem } from '../util/errors.ts';
import { collect, collectHosts } from './host-option.ts';
import type { Scenario } from './scenario.ts';

/** What was asked for on the command line. */
export interface MockCommandOptions extends Scenario {
  host: string;
  port: number;
  spec?: string;
  clinics?: string;
  publicUrl?: string;
  signingKey?: string;
  errorStyle: ErrorStyle;
  controlToken?: string | undefined;
  /** For programs that name the real hosts: how to print their environment. */
  printEnv?: Shell;
  clinic?: string;
  interceptHost: string[];
  allowNetwork?: boolean;
  json?: boolean;
}

/** `arzamed mock`: starts the mock and keeps it running until it is told to stop. */
export function mockCommand(): Command {
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
