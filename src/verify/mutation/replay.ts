import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../openapi/operations.ts';
import { Problem } from '../../util/errors.ts';
import { temporaryFolder, type TemporaryFolder } from '../../util/files.ts';
import { exchange as send } from '../provider/exchange.ts';
import { nameOf, readInteractions, type Interaction } from '../provider/interactions.ts';
import { readResults, Verifier, type Mismatch } from '../provider/pact-verifier.ts';
import type { PactFile } from '../provider/verify-provider.ts';
import type { Answer, Exchange, Request } from './mutant.ts';

/** The provider as it is: where it answers, and where its states are set. */
export interface FaithfulProvider {
  readonly url: string;
  readonly states: string;
}

const timeout = 10_000;
/** Of one connection only (RFC 9110 section 7.6.1), or set anew. */
const ownHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'date']);

/**
 * Plays the contracts to a faithful provider and keeps what was said, so that mutants can be played without it.
 * @throws Problem if there is nothing to play, or the provider does not keep the contracts: a net that refuses a faithful
 * provider proves nothing by refusing a mutant.
 */
export async function record(
  contracts: readonly PactFile[],
  provider: FaithfulProvider,
  api: Pick<Api, 'operations' | 'finder'>,
  stage: Stage,
  troupe: Troupe,
): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const contract of contracts) {
    for (const interaction of readInteractions(contract.content).filter(({ http }) => http)) {
      exchanges.push(await recordOne(contract, interaction));
    }
  }
  if (exchanges.length > 0) return exchanges;
  throw failing('The contracts have no interaction.', {}, 'Write the contracts first.');

  async function recordOne(contract: PactFile, interaction: Interaction): Promise<Exchange> {
    const states = new Map<string, string>();
    let heard: { request: Request; answer: Answer } | undefined;
    using play = stage.begin({
      changeState: async (body) => {
        const { body: values } = await ask(provider.states, 'POST', { 'content-type': 'application/json' }, body);
        states.set(body, values);
        return values;
      },
      answer: async (request) => {
        const answer = await ask(provider.url + request.path, request.method, request.headers, request.body);
        heard = { request, answer };
        return answer;
      },
    });
    const mismatches = await troupe.play(contract, interaction.index, play);
    const name = nameOf(interaction);
    if (!heard || mismatches === undefined || mismatches.length > 0) {
      const reason = mismatches?.map(({ text }) => text).join('; ') ?? 'it could not be played';
      const facts = { contract: contract.file, interaction: name, reason };
      const what = 'The provider does not keep the contract as it is, so that no mutant of it can be judged.';
      throw failing(what, facts, 'Make the provider keep its contracts, then run this again.');
    }
    return {
      contract: contract.file,
      index: interaction.index,
      interaction: name,
      operation: operationOf(api, heard.request)?.id,
      states,
      ...heard,
    };
  }
}

/** The token endpoint may stand elsewhere than the specification says: each account has its own token URL. */
function operationOf(
  { operations, finder }: Pick<Api, 'operations' | 'finder'>,
  { method, path, body }: Request,
): Operation | undefined {
  const issuing = operations.find(({ issuesTokens }) => issuesTokens);
  if (issuing && method === 'POST' && new URLSearchParams(body).has('grant_type')) return issuing;
  const found = finder.find(method, path.split('?', 1).join(''));
  return found.kind === 'operation' ? found.operation : undefined;
}

async function ask(url: string, method: string, headers: Answer['headers'], body: string): Promise<Answer> {
  const passed = Object.entries(headers).filter(([name]) => !ownHeaders.has(name));
  const outcome = await send(
    { method, url: new URL(url), headers: passed.flat(), ...(body !== '' && { body: Buffer.from(body) }) },
    timeout,
  );
  if (outcome.kind === 'silence') {
    throw failing(`The provider ${outcome.reason}.`, {}, 'Start it, then run this again.');
  }
  const kept = [...outcome.headers].filter(([name]) => !ownHeaders.has(name));
  return { status: outcome.status, headers: Object.fromEntries(kept), body: outcome.body.toString() };
}

function failing(what: string, facts: Record<string, string>, remedy: string): Problem {
  return new Problem({ code: 'baseline_failing', what, facts, remedy });
}

/** One play: how it answers the requests of an interaction. */
interface Play {
  /** What a state change gives, as JSON. @param body of Pact's state-change request. */
  readonly changeState: (body: string) => Promise<string> | string;
  readonly answer: (request: Request) => Promise<Answer> | Answer;
}

/** The URLs by which a verifier sees a play. */
interface OpenPlay extends Disposable {
  readonly providerUrl: string;
  readonly statesUrl: string;
}

/** A server in this process at which any number of plays go on, each below a path of its own. */
export class Stage implements AsyncDisposable {
  readonly #server: Server;
  readonly #plays = new Map<string, Play>();
  #count = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  static async open(): Promise<Stage> {
    const stage = new Stage();
    await new Promise<void>((resolve, reject) => {
      stage.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return stage;
  }

  begin(play: Play): OpenPlay {
    this.#count += 1;
    const name = String(this.#count);
    this.#plays.set(name, play);
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const url = `http://127.0.0.1:${port}/${name}`;
    return {
      providerUrl: `${url}/provider`,
      statesUrl: `${url}/states`,
      [Symbol.dispose]: () => void this.#plays.delete(name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', door, path = ''] = /^\/(\d+)\/(provider|states)(.*)$/s.exec(incoming.url ?? '') ?? [];
    const play = this.#plays.get(name);
    if (!play) return void response.writeHead(404).end();
    const body = Buffer.concat(await incoming.toArray()).toString();
    if (door === 'states') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(await play.changeState(body));
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(incoming.headersDistinct).map(([key, values = []]) => [key, values.join(', ')]),
    );
    const answer = await play.answer({ method: incoming.method ?? '', path, headers, body });
    response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
  }
}

/** Some of Pact's verifiers, which play at the same time. */
export class Troupe implements AsyncDisposable {
  readonly #verifiers: readonly Verifier[];
  readonly #folder: TemporaryFolder;
  readonly #written = new Map<PactFile, Map<number, string>>();
  #files = 0;
  readonly #idle: Verifier[];
  readonly #waiting: ((verifier: Verifier) => void)[] = [];

  private constructor(verifiers: readonly Verifier[], folder: TemporaryFolder) {
    this.#verifiers = verifiers;
    this.#folder = folder;
    this.#idle = [...verifiers];
  }

  /** @throws Problem if Pact's verifier is not installed. */
  static async gather(size: number): Promise<Troupe> {
    const verifiers = await Promise.all(Array.from({ length: size }, () => Verifier.start()));
    return new Troupe(verifiers, await temporaryFolder());
  }

  /** Plays one interaction. Gives where the answer is not as the contract demands, or undefined where it could not be played. */
  async play(contract: PactFile, index: number, { providerUrl, statesUrl }: OpenPlay): Promise<Mismatch[] | undefined> {
    const file = await this.#write(contract, index);
    const verifier = this.#idle.pop() ?? (await new Promise<Verifier>((resolve) => this.#waiting.push(resolve)));
    try {
      const text = await verifier.verify({
        providerBaseUrl: providerUrl,
        providerStatesSetupUrl: statesUrl,
        providerStatesSetupBody: true,
        pactUrls: [file],
        followRedirects: false,
      });
      const [result] = readResults(text) ?? [];
      return result?.mismatches;
    } finally {
      const next = this.#waiting.shift();
      if (next) next(verifier);
      else this.#idle.push(verifier);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#verifiers.map((verifier) => verifier[Symbol.asyncDispose]()));
    await this.#folder[Symbol.asyncDispose]();
  }

  /** The contract with one interaction alone, as a file. */
  async #write(contract: PactFile, index: number): Promise<string> {
    const written = this.#written.get(contract) ?? new Map<number, string>();
    this.#written.set(contract, written);
    const known = written.get(index);
    if (known !== undefined) return known;
    this.#files += 1;
    const path = join(this.#folder.path, `${this.#files}.json`);
    const { interactions }: Partial<Record<string, unknown>> = Object(contract.content);
    const only = Array.isArray(interactions) ? [interactions[index]] : [];
    await writeFile(path, JSON.stringify({ ...Object(contract.content), interactions: only }));
    written.set(index, path);
    return path;
  }
}
