import {
  interactionName,
  showParameter,
  valuesFromStates,
  type Contract,
  type Interaction,
  type Message,
  type State,
} from '../../pact/model.ts';
import type { Verdict } from '../verdict.ts';
import { judgeInteraction, unanswered, type InteractionJudgement } from './judge-interaction.ts';
import { Verifier } from './pact-verifier.ts';
import type { Provider } from './provider.ts';
import { recordingUpstream, Relay } from './relay.ts';

export interface VerifyProviderOptions {
  provider: Provider;
  contracts: readonly Contract[];
  /** What is known of the account of a real provider, such as `{ clinic: 'bianchi' }`: the parameters that states may have there. */
  account?: AccountFacts;
}

/**
 * Plays the contracts to a provider by Pact's own verifier, one interaction after the other.
 *
 * Every request goes through a relay, which sends nothing that may change something to a real provider, keeps the budget,
 * and tells a provider that is down from one that breaks the contract. No verdict holds a value of an answer.
 * @throws Problem if Pact's verifier is not installed, or a real provider refuses the credentials.
 */
export async function verifyProvider({ provider, contracts, account = {} }: VerifyProviderOptions): Promise<Verdict[]> {
  const plays = contracts.flatMap((contract) =>
    contract.interactions.map((interaction) => ({
      contract,
      interaction,
      foreseen: foresee(provider, interaction, account),
    })),
  );
  // Credentials that are refused are the user's mistake and no verdict, so they are tried first.
  const { access } = provider;
  const tokenNeeded = plays.some(({ interaction, foreseen }) => !foreseen && interaction.states.length > 0);
  if (access.kind === 'real' && tokenNeeded) await provider.realToken(access);
  await using verifier = await Verifier.start();
  await using relay = await Relay.open();
  const verdicts: Verdict[] = [];
  for (const { contract, interaction, foreseen } of plays) {
    const judgements = foreseen ? [foreseen] : await play(contract, interaction);
    verdicts.push(...judgements.map((judgement) => verdictOf(contract, interaction, judgement)));
  }
  const messages = contracts.flatMap((contract) =>
    contract.messages.map((message) => verdictOf(contract, message, isMessage)),
  );
  return [...verdicts, ...messages];

  async function play(contract: Contract, interaction: Interaction): Promise<InteractionJudgement[]> {
    const upstream = recordingUpstream(provider);
    using urls = relay.begin(upstream);
    // The relay gives up before that, and knows why.
    const result = await verifier.play(contract, interaction, urls, provider.timeout * 2 + 5000);
    return judgeInteraction(interaction, upstream.record, result);
  }
}

function verdictOf({ file }: Contract, interaction: Interaction | Message, judgement: InteractionJudgement): Verdict {
  return { net: 'provider', contract: file, interaction: interactionName(interaction), ...judgement };
}

const isMessage: InteractionJudgement = {
  result: 'not verifiable',
  rule: 'interaction',
  sentence: 'The interaction is a message, and a provider is verified over HTTP alone.',
};

/** What is known without a request. */
function foresee(
  { access, silence }: Provider,
  interaction: Interaction,
  account: AccountFacts,
): InteractionJudgement | undefined {
  if (silence) return unanswered(silence.reason);
  const reason = access.kind === 'real' ? whyUnsettable(interaction, account) : undefined;
  return reason === undefined ? undefined : { result: 'not verifiable', rule: 'state', sentence: reason };
}

/** What is known of the account whose credentials the environment holds, by the names of the states' parameters. */
export type AccountFacts = Readonly<Record<string, string>>;

/** What a real provider's account is without being asked: its key is good, and so is its token. */
const granted: Readonly<Record<string, unknown>> = { keyStatus: 'active', expired: false };

/**
 * The states that ask for credentials alone (docs/provider-states.md), the values that they give, and the parameters that
 * do not matter: whose key it is means nothing to a token request, and much to what the API answers.
 */
const credentialStates: Readonly<Record<string, { values: readonly string[]; free: readonly string[] }>> = {
  'a key': { values: ['clientId', 'basic', 'tokenPath'], free: ['clinic'] },
  'a bearer token': { values: ['accessToken'], free: [] },
};

/** Why a real provider cannot be brought into an interaction's states, as a sentence; undefined where it is in them. */
function whyUnsettable({ states, request }: Interaction, account: AccountFacts): string | undefined {
  for (const state of states) {
    const reason = whyNot(state, account);
    if (reason !== undefined) return reason;
  }
  const given = new Set(states.flatMap(({ name }) => credentialStates[name]?.values ?? []));
  const unknown = valuesFromStates(request).find((name) => !given.has(name));
  return unknown === undefined
    ? undefined
    : `The request takes the value "${unknown}" from a provider state, and a real provider gives none.`;
}

function whyNot({ name, params }: State, account: AccountFacts): string | undefined {
  const known = Object.hasOwn(credentialStates, name) ? credentialStates[name] : undefined;
  if (!known) return `A real provider has no way to set the state "${name}".`;
  const facts = { ...granted, ...account };
  for (const [key, value] of Object.entries(params)) {
    if (known.free.includes(key) || facts[key] === value) continue;
    if (key in granted)
      return `A real provider has no way to set the state "${name}" with ${key}: ${showParameter(value)}.`;
    return (
      `The state "${name}" is that of ${key} ${showParameter(value)}, and it is not known whether the account of the credentials is like it. ` +
      `If it is, say so: ${key}=${showParameter(value)}.`
    );
  }
  return undefined;
}
