import type { Api } from '../../openapi/api.ts';
import { segmentPattern } from '../../openapi/path-template.ts';
import { Problem } from '../../util/errors.ts';
import { exchange as send } from '../provider/exchange.ts';
import { nameOf, readInteractions, type Interaction } from '../provider/interactions.ts';
import type { PactFile } from '../provider/verify-provider.ts';
import type { Answer, Exchange, Request } from '../../contract/strength/exchange.ts';
import type { Stage } from '../../contract/strength/stage.ts';
import type { Troupe } from '../../contract/strength/troupe.ts';

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
  { operations }: Pick<Api, 'operations'>,
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
    const operation = operations.find((each) => matches(each, heard?.request));
    return {
      contract: contract.file,
      index: interaction.index,
      interaction: name,
      operation: operation?.id,
      states,
      ...heard,
    };
  }
}

type Operation = Api['operations'][number];

/** The token endpoint may stand elsewhere than the specification says: each account has its own token URL. */
function matches({ method, path, serverPath, issuesTokens }: Operation, request: Request | undefined): boolean {
  if (!request || request.method.toLowerCase() !== method) return false;
  if (issuesTokens && new URLSearchParams(request.body).has('grant_type')) return true;
  const steps = request.path.split('?', 1).join('').split('/');
  const template = (serverPath + path).split('/');
  return (
    steps.length === template.length &&
    template.every((segment, index) => segmentPattern(segment).test(steps[index] ?? ''))
  );
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
