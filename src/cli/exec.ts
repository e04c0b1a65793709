import { Command, Option } from 'commander';
import type { ErrorStyle } from '../mock/error-style.ts';
import type { Severity } from '../mock/findings/rule.ts';
import { Problem } from '../spec/problem.ts';
import type { Scenario } from './scenario.ts';

/** What was asked for on the command line. */
export interface ExecOptions extends Scenario {
  spec?: string;
  clinics?: string;
  clinic?: string;
  playHost: string[];
  allowNetwork?: boolean;
  errorStyle: ErrorStyle;
  report: string[];
  failOn?: Extract<Severity, 'warn' | 'error'>;
  quiet?: boolean;
}

const collect = (value: string, all: string[]): string[] => [...all, value];

/** `arzamed exec`: runs a program that knows nothing of the mock, and has it meet the mock. */
export function execCommand(): Command {
  return new Command('exec')
    .description('Run a program, unmodified, with the hosts of the API played by a mock.')
    .argument('<command...>', 'the program and its arguments, behind --')
    .passThroughOptions()
    .option('--clinic <clinic>', 'whose credentials the program gets as ARZAMED_… (default: the first)')
    .option('--host <host>', 'a host that is played beside those of the specification; may be repeated', collect, [])
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
    .action(async ([program = '', ...args]: string[], options: ExecOptions & { host: string[] }) => {
      // All that it stands on comes behind this import: other commands, and --help, need not wait for it.
      const { exec } = await import('./run-exec.ts');
      process.exitCode = await exec(program, args, { ...options, playHost: options.host.map(checkHost) });
    });
}

function checkHost(host: string): string {
  const name = host.toLowerCase();
  if (URL.canParse(`https://${name}`) && new URL(`https://${name}`).host === name) return name;
  throw new Problem({
    code: 'option_invalid',
    what: '--host names no host.',
    facts: { found: host, expected: 'a name alone, such as api.example.com' },
    remedy: 'Leave out what stands around it: https://, a path, a port.',
  });
}
