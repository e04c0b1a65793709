import { Command, InvalidArgumentError } from 'commander';
import { readApi } from '../spec/api.ts';
import { defaultClinics, defaultSpec, startMock } from '../mock/start.ts';
import { untilStopped } from './until-stopped.ts';
import { welcome } from './welcome.ts';

interface Options {
  host: string;
  port: number;
  spec?: string;
  clinics?: string;
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
    .option('--json', 'print one line of JSON once it listens, and nothing else')
    .action(async ({ spec = defaultSpec, clinics = defaultClinics, json = false, ...address }: Options) => {
      const stopped = untilStopped();
      await using mock = await startMock({ ...address, spec, clinics });
      const { url, baseUrl } = mock;
      if (json) process.stdout.write(`${JSON.stringify({ url, baseUrl, clinics: mock.clinics })}\n`);
      else process.stdout.write(welcome(mock, await readApi(spec)));
      await stopped;
    });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a number from 0 to 65535.');
}
