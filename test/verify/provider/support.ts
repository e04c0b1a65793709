import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openProvider, type ProviderOptions } from '../../../src/verify/provider/open-provider.ts';
import { readContract } from '../../../src/pact/read-contract.ts';
import type { Contract } from '../../../src/pact/model.ts';
import { verifyProvider, type VerifyProviderOptions } from '../../../src/verify/provider/verify-provider.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';

/** A request as a provider of these tests got it. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface RunningProvider extends AsyncDisposable {
  url: string;
  /** Requests, those for `/_mock/health` left out. */
  seen: Seen[];
}

type Handler = (request: Seen, response: ServerResponse) => void;

/** A provider that answers as it is told. By itself it is a real one: nothing answers `/_mock/health`. */
export async function serve(handler: Handler): Promise<RunningProvider> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    void request.toArray().then((chunks) => {
      const { method = '', url: path = '', headers } = request;
      const each = { method, path, headers, body: Buffer.concat(chunks).toString() };
      if (path === '/_mock/health') return void response.writeHead(404).end();
      seen.push(each);
      return handler(each, response);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressOf(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (typeof address === 'object' && address) return address;
  throw new Error('The server does not listen.');
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export interface InteractionParts {
  description?: string;
  states?: { name: string; params?: Record<string, unknown> }[];
  request?: Record<string, unknown>;
  response?: Record<string, unknown>;
}

/** A Pact file, parsed and nothing more. */
export interface PactFile {
  file: string;
  content: unknown;
}

/** A Pact file of version 4. */
export function contractOf(...interactions: InteractionParts[]): PactFile {
  return {
    file: 'some.json',
    content: {
      consumer: { name: 'some consumer' },
      provider: { name: 'some provider' },
      interactions: interactions.map(({ description = 'a request', states = [], request, response }) => ({
        type: 'Synchronous/HTTP',
        description,
        providerStates: states,
        request: { method: 'GET', path: '/things', ...request },
        response: { status: 200, ...response },
      })),
      metadata: { pactSpecification: { version: '4.0' } },
    },
  };
}

export function contractFrom({ file, content }: PactFile): Contract {
  return readContract(file, JSON.stringify(content));
}

/** A JSON body as Pact's version 4 has it. */
export function jsonBody(content: unknown): object {
  return { content, contentType: 'application/json', encoded: false };
}

export const environment = {
  ARZAMED_CLIENT_ID: 'real-client',
  ARZAMED_CLIENT_SECRET: 'CANARY-secret',
} as const;

/** Verifies a provider of these tests, whose token URL is `/token`. */
export async function verify(
  { url }: { url: string },
  contracts: readonly PactFile[],
  { account = {}, ...options }: Partial<ProviderOptions> & Pick<VerifyProviderOptions, 'account'> = {},
): Promise<Verdict[]> {
  const provider = await openProvider({
    url,
    environment: { ...environment, ARZAMED_TOKEN_URL: `${url}/token` },
    timeout: 10_000,
    ...options,
  });
  return verifyProvider({ provider, contracts: contracts.map(contractFrom), account });
}

/** What verdicts say, without the words. */
export function brief(verdicts: readonly Verdict[]): string[] {
  return verdicts.map(({ result, rule, place }) => [result, rule, place].filter(Boolean).join(' '));
}
