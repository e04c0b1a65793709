import { Command, InvalidArgumentError } from 'commander';
import { withBrokerOptions, type BrokerOptions } from './broker-options.ts';
import { collect } from './host-option.ts';

/** What was asked for on the command line. */
export interface VerifyOptions extends BrokerOptions {
  provider: string;
  states?: string;
  contracts?: string;
  base?: string;
  allowed?: string;
  spec?: string;
  clinics?: string;
  clinic?: string;
  budget?: number;
  report?: string[];
  json?: boolean;
  strict?: boolean;
  strength?: boolean;
}

/** `arzamed verify`: holds contracts, specification and provider against each other. */
export function verifyCommand(): Command {
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
