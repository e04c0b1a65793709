import type { Api } from '../../openapi/api.ts';
import { accountOf, tokenRequest, type TokenAccount } from '../provider/credentials.ts';
import { parseObject } from '../../util/json.ts';
import { overBudget, type ProviderOutcome, type Provider } from '../provider/provider.ts';

/** More accounts than this show nothing new. */
const mostAccounts = 10;

/** The accounts of a provider: one for each clinic of a mock, that of the environment at a live one. */
export async function accountsOf(provider: Provider): Promise<TokenAccount[]> {
  const { access } = provider;
  if (access.kind === 'none') return [];
  if (access.kind === 'live') return access.credentials ? [accountOf(access.credentials)] : [];
  const { clinics } = access.stateChanges;
  const accounts: TokenAccount[] = [];
  for (const params of clinics.length > 0 ? clinics.slice(0, mostAccounts).map((clinic) => ({ clinic })) : [{}]) {
    const { basic, tokenPath } = await provider.takeOn('a key', params);
    if (typeof basic === 'string' && typeof tokenPath === 'string')
      accounts.push({ basic, tokenUrl: provider.at(tokenPath) });
  }
  return accounts;
}

/** An expired token of an account, if the provider can be made to give one. */
export async function expiredToken(provider: Provider): Promise<string | undefined> {
  if (provider.access.kind !== 'test') return undefined;
  const [clinic] = provider.access.stateChanges.clinics;
  const { accessToken } = await provider.takeOn('a bearer token', { clinic, expired: true });
  return typeof accessToken === 'string' ? accessToken : undefined;
}

/** Asks for a token of an account, or says why there is none. */
export async function tokenOf(
  provider: Provider,
  api: Api,
  account: TokenAccount,
  scopes: readonly string[] = api.flow?.scopes ?? [],
): Promise<{ accessToken: string } | { reason: string; outcome: ProviderOutcome }> {
  const outcome = await provider.send(tokenRequest(account, scopes));
  if (outcome.kind === 'answer' && !provider.isOutage(outcome)) {
    const { access_token: accessToken } = parseObject(outcome.body) ?? {};
    if (typeof accessToken === 'string') return { accessToken };
    return { outcome, reason: `the token endpoint answers ${outcome.status} and gives no token` };
  }
  if (outcome.kind === 'withheld') return { outcome, reason: overBudget };
  const reason =
    outcome.kind === 'silence' ? `the provider ${outcome.reason}` : `the token endpoint answers ${outcome.status}`;
  return { outcome, reason };
}
