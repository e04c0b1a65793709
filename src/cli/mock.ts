import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ErrorStyle } from '../mock/error-style.ts';
import { printAnswer } from './print-answer.ts';
import { printFinding } from './print-finding.ts';
import { printReset } from './print-reset.ts';
import { untilStopped } from './until-stopped.ts';
import { welcome } from './welcome.ts';

interface Options {
  host: string;
  port: number;
  spec?: string;
  clinics?: string;
  publicUrl?: string;
  signingKey?: string;
  errorStyle: ErrorStyle;
  controlToken?: string;
  json?: boolean;
}

/** Milliseconds for which who waits for the mock to listen can have his token, before Prism takes the processor. */
const headStart = 100;

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
    .option('--json', 'print one line of JSON once it listens, and nothing else')
    .action(async ({ json = false, ...given }: Options, command: Command) => {
      // A variable that is set to nothing, as in many a compose file, is none.
      const unset = given.controlToken === '' && command.getOptionValueSource('controlToken') === 'env';
      const options = unset ? { ...given, controlToken: undefined } : given;
      const stopped = untilStopped();
      const print = json ? {} : { onAnswer: printAnswer, onFinding: printFinding, onReset: printReset };
      // All that the mock stands on comes behind this import: other commands, and --help, need not wait for it.
      const { openMock } = await import('../mock/start.ts');
      await using mock = await openMock({ ...options, ...print });
      // A token that was given is known to who gave it; one that was made up must be said.
      const madeUp = options.controlToken === undefined ? mock.controlToken : undefined;
      const { url, baseUrl, clinics } = mock;
      if (json) process.stdout.write(`${JSON.stringify({ url, baseUrl, clinics, controlToken: madeUp })}\n`);
      else process.stdout.write(welcome(mock, { host: options.host, controlToken: madeUp }));
      await Promise.race([stopped, wait(headStart)]);
      await mock.load();
      await stopped;
      mock.findings.conclude();
      if (!json) process.stdout.write('Stopped.\n');
    });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a number from 0 to 65535.');
}
