import type { Api } from '../../openapi/api.ts';
import {
  interactionName,
  showParameter,
  valuesFromStates,
  type Contract,
  type Interaction,
  type Message,
  type State,
} from '../../pact/model.ts';
import { asPending, beyondHttp, type Verdict } from '../verdict.ts';
import { InteractionCredentials } from './interaction-credentials.ts';
import { judgeInteraction, providerSilent, type InteractionJudgement } from './judge-interaction.ts';
import { Verifier } from './pact-verifier.ts';
import { missingCredentials } from './present.ts';
import type { Provider } from './provider.ts';
import { recordingUpstream, Relay } from './relay.ts';

export interface VerifyProviderOptions {
  provider: Provider;
  contracts: readonly Contract[];
  /** The parameters of states that hold for the account at a live provider, such as `{ clinic: 'bianchi' }`. */
  account?: AccountFacts;
  /** Tells what an interaction has to present. */
  api?: Pick<Api, 'finder'>;
}

/**
 * Plays the contracts to a provider by Pact's own verifier, one interaction after the other, through a relay that only
 * reads a live provider, keeps the budget, and tells an outage from a broken contract. Verdicts show no answer's values.
 * @throws Problem if Pact's verifier is not installed, or a live provider refuses the credentials.
 */
export async function verifyProvider({
  provider,
  contracts,
  account = {},
  api,
}: VerifyProviderOptions): Promise<Verdict[]> {
  const plays = contracts.flatMap((contract) =>
    contract.interactions.map((interaction) => ({
      contract,
      interaction,
      foreseen: foresee(provider, interaction, account),
    })),
  );
  // Refused credentials are the user's mistake, not a verdict, so they are tried first.
  const { access } = provider;
  const tokenNeeded = plays.some(({ interaction, foreseen }) => !foreseen && interaction.states.length > 0);
  if (access.kind === 'live' && tokenNeeded) await provider.liveToken(access);
  await using verifier = plays.length > 0 ? await Verifier.start() : undefined;
  await using relay = await Relay.open();
  const credentials = new InteractionCredentials(provider, api);
  const verdicts: Verdict[] = [];
  for (const { contract, interaction, foreseen } of plays) {
    const from = performance.now();
    const played = foreseen ? [foreseen] : await play(contract, interaction);
    const judgements = interaction.pending ? played.map((each) => asPending(each)) : played;
    const [first, ...others] = judgements.map((judgement) => verdictOf(contract, interaction, judgement));
    if (first) verdicts.push({ ...first, milliseconds: Math.round(performance.now() - from) }, ...others);
  }
  const messages = contracts.flatMap((contract) =>
    contract.messages.map((message) => verdictOf(contract, message, unplayable(beyondHttp(message)))),
  );
  const without = missingCredentials(credentials.missing).map((sentence): Verdict => ({ ...unpresented, sentence }));
  return [...verdicts, ...messages, ...without];

  async function play(contract: Contract, interaction: Interaction): Promise<InteractionJudgement[]> {
    const upstream = recordingUpstream(provider, await credentials.of(interaction));
    using urls = relay.begin(upstream);
    // The relay gives up before that, and knows why.
    const result = await verifier?.play(contract, interaction, urls, provider.timeout * 2 + 5000);
    return judgeInteraction(provider, interaction, upstream.record, result);
  }
}

function verdictOf({ file }: Contract, interaction: Interaction | Message, judgement: InteractionJudgement): Verdict {
  return { net: 'provider', contract: file, interaction: interactionName(interaction), ...judgement };
}

const unpresented = { net: 'provider', result: 'not verifiable', rule: 'access' } as const;

function unplayable(sentence = ''): InteractionJudgement {
  return { result: 'not verifiable', rule: 'interaction', sentence };
}

function foresee(
  { access, silence }: Provider,
  interaction: Interaction,
  account: AccountFacts,
): InteractionJudgement | undefined {
  const beyond = beyondHttp(interaction);
  if (beyond !== undefined) return unplayable(beyond);
  if (silence) return providerSilent(silence.reason);
  const reason = access.kind === 'live' ? whyUnsettable(interaction, account) : undefined;
  return reason === undefined ? undefined : { result: 'not verifiable', rule: 'state', sentence: reason };
}

/** Facts about the account of the credentials, by the names of the states' parameters. */
export type AccountFacts = Readonly<Record<string, string>>;

/** True of any account at a live provider. */
const granted: Readonly<Record<string, unknown>> = { keyStatus: 'active', expired: false };

/**
 * The states that need only credentials (docs/provider-states.md), their values, and the parameters that do not matter:
 * a token request does not depend on the clinic of its key, the answers of the API do.
 */
const credentialStates: Readonly<Record<string, { values: readonly string[]; free: readonly string[] }>> = {
  'a key': { values: ['clientId', 'basic', 'tokenPath'], free: ['clinic'] },
  'a bearer token': { values: ['accessToken'], free: [] },
};

/** Why a live provider is not in an interaction's states, as a sentence; undefined if it is. */
function whyUnsettable({ states, request }: Interaction, account: AccountFacts): string | undefined {
  const [reason] = states.flatMap((state) => whyNot(state, account) ?? []);
  const given = new Set(states.flatMap(({ name }) => credentialStates[name]?.values ?? []));
  const unknown = valuesFromStates(request).find((name) => !given.has(name));
  if (reason !== undefined || unknown === undefined) return reason;
  return `The request takes the value "${unknown}" from a provider state, which a live provider does not give.`;
}

function whyNot({ name, params }: State, account: AccountFacts): string | undefined {
  const known = Object.hasOwn(credentialStates, name) ? credentialStates[name] : undefined;
  if (!known) return `A live provider cannot set the state "${name}".`;
  const facts = { ...granted, ...account };
  for (const [key, value] of Object.entries(params)) {
    if (known.free.includes(key) || facts[key] === value) continue;
    if (key in granted) return `A live provider cannot set the state "${name}" with ${key}: ${showParameter(value)}.`;
    return (
      `The state "${name}" requires ${key} ${showParameter(value)}, which may not match the account of the credentials. ` +
      `If it does, say so: ${key}=${showParameter(value)}.`
    );
  }
  return undefined;
}
