import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A response of a contract, and an answer to be held against it. */
export interface Trial {
  response: object;
  /** `text` is a body that is sent as it stands. */
  answer: { status?: number; headers?: Record<string, string | string[]>; body?: unknown; text?: string };
}

/** Pact's native part prints what it does, so it runs where nobody sees that. */
const program = `
const { default: pact } = require(process.argv[1]);
const [, , pacts, url] = process.argv;
const quiet = process.stdout.write.bind(process.stdout);
pact.verifyPacts({ providerBaseUrl: url, pactUrls: [pacts], logLevel: 'error', followRedirects: false })
  .then((result) => quiet('\\nRESULT ' + result + '\\n'), (error) => quiet('\\nRESULT ' + (error.message ?? error) + '\\n'));
`;

/** Whether Pact's own verifier takes each answer for what the contract demands. One run for all. */
export async function judgeByPact(version: string, trials: readonly Trial[]): Promise<boolean[]> {
  await using server = createServer((request, response) => {
    const {
      status = 200,
      headers = { 'Content-Type': 'application/json' },
      body,
      text: sent = body === undefined ? undefined : JSON.stringify(body),
    } = trials[Number(request.url?.slice(1))]?.answer ?? {};
    response.writeHead(status, headers).end(sent);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const interactions = trials.map(({ response }, index) => ({
    description: `trial ${index}`,
    ...(version.startsWith('4') ? { type: 'Synchronous/HTTP' } : {}),
    request: { method: 'GET', path: `/${index}` },
    response,
  }));
  const pact = {
    consumer: { name: 'app' },
    provider: { name: 'service' },
    interactions,
    metadata: { pactSpecification: { version } },
  };
  await using folder = await temporaryFolder({ 'pact.json': JSON.stringify(pact) });
  const core = createRequire(import.meta.url).resolve('@pact-foundation/pact-core');
  const args = ['--eval', program, core, `${folder.path}/pact.json`, `http://127.0.0.1:${port}`];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PACT_DO_NOT_TRACK: 'true', NO_PROXY: '127.0.0.1' },
  });
  const printed = await text(child.stdout);
  const result = /\nRESULT (\{.*\})\n/s.exec(printed)?.[1];
  if (result === undefined) throw new Error(`Pact's verifier gives no result: ${printed.slice(-500)}`);
  const {
    interactionResults,
  }: { interactionResults: { description?: string; interactionDescription?: string; result: string }[] } =
    JSON.parse(result);
  const good = new Map(
    interactionResults.map((each) => [each.description ?? each.interactionDescription, each.result]),
  );
  return trials.map((_, index) => {
    const word = good.get(`trial ${index}`);
    if (word === undefined) throw new Error(`Pact's verifier says nothing of trial ${index}.`);
    return word === 'OK';
  });
}
