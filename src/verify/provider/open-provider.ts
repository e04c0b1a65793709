import { operationTable } from '../../generated/control/operations.ts';
import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../openapi/operations.ts';
import { Problem } from '../../util/errors.ts';
import { parseObject } from '../../util/json.ts';
import { isConfidential, readCredentials } from './credentials.ts';
import { exchange, type ProviderResponse, type Silence } from './exchange.ts';
import { Provider, RequestBudget, type Access } from './provider.ts';

export interface ProviderOptions {
  /**
   * Where the provider is: the URL to which the paths of the contracts are added. The path of the specification's server
   * at its end is left out, so that a base URL does as well.
   */
  url: string;
  /** Where Pact's state-change requests go. Found by itself where the provider is our mock. */
  states?: string | undefined;
  /** The mock's control token; `ARZAMED_CONTROL_TOKEN` of the environment unless given. */
  controlToken?: string | undefined;
  /** How many requests may be sent; unless given 100 to a real provider, and any number to one under test. */
  budget?: number | undefined;
  /** For one request, in milliseconds; 10,000 unless given. */
  timeout?: number | undefined;
  /** What the specification says of the path of the servers, and of the scopes that a token needs. */
  api?: Pick<Api, 'operations' | 'flow'>;
  /** `process.env` unless given. */
  environment?: NodeJS.ProcessEnv;
}

const realBudget = 100;

/**
 * Finds out what a provider is: one under test, whose states can be set, or a real one, which is only read.
 * @throws Problem if a URL cannot be used, or the provider is a real one and the environment lacks its credentials.
 */
export async function openProvider(options: ProviderOptions): Promise<Provider> {
  const { environment = process.env, timeout = 10_000, api } = options;
  const controlToken = options.controlToken ?? environment['ARZAMED_CONTROL_TOKEN'];
  const url = withoutServerPath(readUrl('provider', options.url), api?.operations ?? []);
  const details = (access: Access, silence?: Silence): Provider => {
    const budget = new RequestBudget(options.budget ?? (access.kind === 'test' ? Infinity : realBudget));
    return new Provider({ url, access, timeout, silence, budget });
  };
  if (options.states !== undefined) {
    const states = new URL(readUrl('states', options.states));
    return details({ kind: 'test', stateChanges: { url: states, controlToken, clinics: [] } });
  }
  const { serverPath, path } = operationTable.getHealth;
  const health = await exchange({ method: 'GET', url: new URL(url + serverPath + path), headers: [] }, timeout);
  if (health.kind === 'silence') return details({ kind: 'none' }, health);
  const clinics = clinicsOf(health);
  if (!clinics) {
    // This may be a mock behind a gateway that does not reach it.
    if (health.status >= 500 && !environment['ARZAMED_CLIENT_ID']) {
      return details({ kind: 'none' }, { kind: 'silence', reason: `answers ${health.status}` });
    }
    const credentials = readCredentials(environment);
    refuseReaders(url);
    const provider = details({ kind: 'real', credentials, scopes: api?.flow?.scopes ?? [] });
    provider.budget.spend();
    return provider;
  }
  const change = operationTable.changeProviderState;
  const states = new URL(url + change.serverPath + change.path);
  return details({ kind: 'test', stateChanges: { url: states, controlToken, clinics } });
}

/** The clinics that a mock says it plays (`getHealth` of openapi/control.yaml), or undefined if this is no such answer. */
function clinicsOf({ status, body }: ProviderResponse): string[] | undefined {
  const health = parseObject(body);
  const clinics = health?.['clinics'];
  if (status !== 200 || health?.['status'] !== 'ok' || typeof health['api'] !== 'object') return undefined;
  return Array.isArray(clinics) ? clinics.filter((clinic) => typeof clinic === 'string') : undefined;
}

function readUrl(option: 'provider' | 'states', text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash) {
    return option === 'provider' ? url.origin + url.pathname.replace(/\/+$/, '') : url.href;
  }
  throw new Problem({
    code: 'option_invalid',
    what: `The URL of --${option} cannot be used.`,
    facts: { expected: 'http:// or https:// with a host, without user and password' },
    remedy: `Correct it: --${option} https://host.example`,
  });
}

/** A token goes there. */
function refuseReaders(url: string): void {
  if (isConfidential(new URL(url))) return;
  throw new Problem({
    code: 'option_invalid',
    what: 'The URL of --provider cannot be used: a token would go to it, and everybody on the way could read it.',
    facts: { expected: 'a https URL, or http on this machine' },
    remedy: 'Correct it: --provider https://host.example',
  });
}

function withoutServerPath(url: string, operations: readonly Pick<Operation, 'serverPath'>[]): string {
  const paths = operations.map(({ serverPath }) => serverPath).toSorted((a, b) => b.length - a.length);
  const path = paths.find((each) => each !== '' && url.endsWith(each));
  return path === undefined ? url : url.slice(0, -path.length);
}
