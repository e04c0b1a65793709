import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../openapi/operations.ts';
import { interactionName, type Contract, type Interaction } from '../../pact/model.ts';
import { Problem } from '../../util/errors.ts';
import { exchange } from '../provider/exchange.ts';
import { withPresented, type Credential } from '../provider/present.ts';
import { Verifier, type Mismatch } from '../provider/pact-verifier.ts';
import {
  stateChanged,
  type Relay,
  type RelayedRequest,
  type RelayedResponse,
  type RelayUrls,
} from '../provider/relay.ts';
import type { RecordedExchange, RecordedResponse } from './mutant.ts';

/** The provider as it is: where it answers, and where its states are set. */
export interface FaithfulProvider {
  readonly url: string;
  /** Where a request goes; below the URL unless given. */
  readonly locate?: (method: string, path: string) => URL;
  readonly states: string;
  /** What an interaction presents beside what it takes from provider states. */
  readonly present?: (interaction: Interaction) => Promise<readonly Credential[]>;
}

/** For one request, in milliseconds. */
const timeout = 10_000;

/**
 * Plays the contracts to a faithful provider and records its answers, so that mutants can be played without it.
 * @throws Problem if there is nothing to play, or the provider breaks the contracts: a check that refuses a faithful
 * provider proves nothing by refusing a mutant.
 */
export async function record(
  contracts: readonly Contract[],
  provider: FaithfulProvider,
  api: Pick<Api, 'operations' | 'finder'>,
  relay: Relay,
  verifiers: VerifierPool,
): Promise<RecordedExchange[]> {
  const exchanges: RecordedExchange[] = [];
  for (const contract of contracts) {
    for (const interaction of contract.interactions)
      if (!interaction.pending && interaction.plugins.length === 0)
        exchanges.push(await recordOne(contract, interaction));
  }
  if (exchanges.length > 0) return exchanges;
  throw failing('The contracts have no interactions that count.', {}, 'Write the contracts first.');

  async function recordOne(contract: Contract, interaction: Interaction): Promise<RecordedExchange> {
    const states = new Map<string, string>();
    const at = ({ method, path }: RelayedRequest): string =>
      provider.locate?.(method, path).href ?? provider.url + path;
    const presented = (await provider.present?.(interaction)) ?? [];
    let heard: { request: RelayedRequest; answer: RecordedResponse } | undefined;
    using urls = relay.begin({
      changeState: async (body) => {
        const headers = ['Content-Type', 'application/json'];
        const { body: values } = await ask(provider.states, { method: 'POST', headers, body });
        states.set(body.toString(), values);
        return stateChanged(200, values);
      },
      send: async (request) => {
        heard = { request, answer: await ask(at(request), request, presented) };
        return toRelay(heard.answer);
      },
    });
    const mismatches = await verifiers.play(contract, interaction, urls);
    const name = interactionName(interaction);
    if (!heard || mismatches === undefined || mismatches.length > 0) {
      const reason = mismatches?.map(({ text }) => text).join('; ') ?? 'it could not be played';
      const facts = { contract: contract.file, interaction: name, reason };
      const what = 'The unchanged provider breaks the contract, so its mutants cannot be judged.';
      throw failing(what, facts, 'Make the provider keep its contracts, then run this again.');
    }
    const { request, answer } = heard;
    const operation = operationOf(api, request)?.id;
    return { contract: contract.file, index: interaction.index, interaction: name, operation, states, answer };
  }
}

/** The token endpoint may stand elsewhere than the specification says: each account has its own token URL. */
function operationOf(
  { operations, finder }: Pick<Api, 'operations' | 'finder'>,
  { method, path, body }: RelayedRequest,
): Operation | undefined {
  const issuing = operations.find(({ issuesTokens }) => issuesTokens);
  if (issuing && method === 'POST' && new URLSearchParams(body.toString()).has('grant_type')) return issuing;
  const found = finder.find(method, path.split('?', 1).join(''));
  return found.kind === 'operation' ? found.operation : undefined;
}

async function ask(
  url: string,
  request: Omit<RelayedRequest, 'path'>,
  presented: readonly Credential[] = [],
): Promise<RecordedResponse> {
  const { method, headers, body } = request;
  const sent = { method, url: new URL(url), headers, ...(body.length > 0 && { body }) };
  const outcome = await exchange(withPresented(sent, presented), timeout);
  if (outcome.kind === 'silence') {
    throw failing(`The provider ${outcome.reason}.`, {}, 'Start it, then run this again.');
  }
  return { status: outcome.status, headers: Object.fromEntries(outcome.headers), body: outcome.body.toString() };
}

/** A recorded response as the relay passes it on. */
export function toRelay({ status, headers, body }: RecordedResponse): RelayedResponse {
  // A mutant's body has another length; the answer to HEAD has none.
  const length = body === '' ? undefined : String(Buffer.byteLength(body));
  const written = Object.entries(headers).map(([name, value]) => [
    name,
    name.toLowerCase() === 'content-length' ? (length ?? value) : value,
  ]);
  return { status, headers: written.flat(), body };
}

function failing(what: string, facts: Record<string, string>, remedy: string): Problem {
  return new Problem({ code: 'baseline_failing', what, facts, remedy });
}

/** Pact's verifiers, as many as play at the same time. */
export class VerifierPool implements AsyncDisposable {
  readonly #verifiers: Verifier[] = [];
  readonly #idle: Verifier[] = [];

  /** The mismatches; undefined if it could not be played. @throws Problem if the verifier is missing. */
  async play(contract: Contract, interaction: Interaction, urls: RelayUrls): Promise<Mismatch[] | undefined> {
    const verifier = this.#idle.pop() ?? (await Verifier.start());
    if (!this.#verifiers.includes(verifier)) this.#verifiers.push(verifier);
    try {
      return (await verifier.play(contract, interaction, urls))?.mismatches;
    } finally {
      this.#idle.push(verifier);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#verifiers.map((verifier) => verifier[Symbol.asyncDispose]()));
  }
}
