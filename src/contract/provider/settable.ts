import type { Interaction, State } from '../../verify/provider/interactions.ts';

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
export function whyUnsettable({ states, values }: Interaction, account: Account): string | undefined {
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
