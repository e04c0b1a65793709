import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../util/files.ts';
import type { Verdict } from '../verdict.ts';
import { nameOf, readInteractions, type Interaction, type State } from './interactions.ts';
import { judgeInteraction, type Judgement } from './judge-interaction.ts';
import { readResults, Verifier } from './pact-verifier.ts';
import type { Provider } from './provider.ts';
import { Gate } from './recording-proxy.ts';

export interface PactFile {
  /** As the user named it. */
  file: string;
  /** The parsed file, of Pact's version 2, 3 or 4. */
  content: unknown;
}

export interface VerifyProviderOptions {
  provider: Provider;
  contracts: readonly PactFile[];
  /** What is known of the account of a real provider, such as `{ clinic: 'bianchi' }`: the parameters that states may have there. */
  account?: Account;
  /** Is told each verdict as soon as it is known. */
  onVerdict?: (verdict: Verdict) => void;
}

/**
 * Plays the contracts to a provider by Pact's own verifier, one interaction after the other.
 *
 * Every request goes through a gate of ours, which sends nothing that may change something to a real provider, keeps the
 * budget, and knows a provider that is down from one that breaks the contract. No verdict holds a value of an answer.
 * @throws Problem if Pact's verifier is not installed, or a real provider refuses the credentials.
 */
export async function verifyProvider({
  provider,
  contracts,
  account = {},
  onVerdict,
}: VerifyProviderOptions): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const note = ({ file }: PactFile, name: Pick<Verdict, 'interaction'>, judgements: readonly Judgement[]): void => {
    for (const judgement of judgements) {
      const verdict: Verdict = { net: 'provider', contract: file, ...name, ...judgement };
      verdicts.push(verdict);
      onVerdict?.(verdict);
    }
  };
  const plays = contracts.flatMap((contract) =>
    readInteractions(contract.content).map((interaction) => ({
      contract,
      interaction,
      foreseen: foresee(provider, interaction, account),
    })),
  );
  const empty = contracts.filter((contract) => plays.every((each) => each.contract !== contract));
  for (const contract of empty) note(contract, {}, [nothing]);
  // Credentials that are refused are the user's mistake and no verdict, so they are tried first.
  const { access } = provider;
  const tokenNeeded = plays.some(({ interaction, foreseen }) => !foreseen && interaction.states.length > 0);
  if (access.kind === 'real' && tokenNeeded) await provider.realToken(access);
  await using verifier = await Verifier.start();
  await using gate = await Gate.open(provider);
  await using folder = await temporaryFolder();
  for (const { contract, interaction, foreseen } of plays) {
    note(contract, { interaction: nameOf(interaction) }, foreseen ? [foreseen] : await play(contract, interaction));
  }
  return verdicts;

  async function play(contract: PactFile, interaction: Interaction): Promise<Judgement[]> {
    const { record, providerUrl, statesUrl } = gate.passage();
    const file = join(folder.path, 'contract.json');
    await writeFile(file, JSON.stringify(only(contract.content, interaction)));
    const text = await verifier.verify({
      providerBaseUrl: providerUrl,
      providerStatesSetupUrl: statesUrl,
      pactUrls: [file],
      followRedirects: false,
      // The gate gives up before that, and knows why.
      timeout: provider.timeout * 2 + 5000,
    });
    const [result] = readResults(text) ?? [];
    return judgeInteraction(interaction, record, result);
  }
}

/** An empty contract is no success. */
const nothing: Judgement = {
  result: 'not verifiable',
  rule: 'interaction',
  sentence: 'The contract has no interaction. Write it anew.',
};

/** What is known without a request. */
function foresee({ access, silence }: Provider, interaction: Interaction, account: Account): Judgement | undefined {
  if (!interaction.http) {
    const sentence = 'The interaction is a message, and a provider is verified over HTTP alone.';
    return { result: 'not verifiable', rule: 'interaction', sentence };
  }
  if (silence) return { result: 'unanswered', rule: 'answer', sentence: `The provider ${silence.reason}.` };
  const reason = access.kind === 'real' ? whyUnsettable(interaction, account) : undefined;
  return reason === undefined ? undefined : { result: 'not verifiable', rule: 'state', sentence: reason };
}

/** The contract with one of its interactions alone. */
function only(contract: unknown, { index }: Interaction): object {
  const { interactions }: Partial<Record<string, unknown>> = Object(contract);
  return { ...Object(contract), interactions: Array.isArray(interactions) ? [interactions[index]] : [] };
}

/** What is known of the account whose credentials the environment holds, by the names of the states' parameters. */
export type Account = Readonly<Record<string, string>>;

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
function whyUnsettable({ states, values }: Interaction, account: Account): string | undefined {
  for (const state of states) {
    const reason = whyNot(state, account);
    if (reason !== undefined) return reason;
  }
  const given = new Set(states.flatMap(({ name }) => credentialStates[name]?.values ?? []));
  const unknown = values.find((name) => !given.has(name));
  return unknown === undefined
    ? undefined
    : `The request takes the value "${unknown}" from a provider state, and a real provider gives none.`;
}

function whyNot({ name, params }: State, account: Account): string | undefined {
  const known = Object.hasOwn(credentialStates, name) ? credentialStates[name] : undefined;
  if (!known) return `A real provider has no way to set the state "${name}".`;
  const facts = { ...granted, ...account };
  for (const [key, value] of Object.entries(params)) {
    if (known.free.includes(key) || facts[key] === value) continue;
    if (key in granted) return `A real provider has no way to set the state "${name}" with ${key}: ${String(value)}.`;
    return (
      `The state "${name}" is that of ${key} ${String(value)}, and nobody said that the account of the credentials is like it. ` +
      `If it is, say so: ${key}=${String(value)}.`
    );
  }
  return undefined;
}
