import { operationTable } from '../../generated/control/operations.ts';
import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../openapi/operations.ts';
import type { Requirement } from '../../openapi/security.ts';
import { Problem } from '../../util/errors.ts';
import { parseObject } from '../../util/json.ts';
import { hasCredentials, isConfidential, readCredentials } from './credentials.ts';
import { exchange, type ProviderResponse, type Silence } from './exchange.ts';
import { givenCredentials } from './present.ts';
import { Provider, type Access } from './provider.ts';

export interface ProviderOptions {
  /** The provider's URL, with or without the path of the specification's server. */
  url: string;
  /** Where Pact's state-change requests go; detected for the mock. */
  states?: string | undefined;
  /** The mock's control token; `ARZAMED_CONTROL_TOKEN` of the environment unless given. */
  controlToken?: string | undefined;
  /** The largest number of requests; unless given, 100 to a live provider, and no limit to one under test. */
  budget?: number | undefined;
  /** For one request, in milliseconds; 10,000 unless given. */
  timeout?: number | undefined;
  api?: Pick<Api, 'operations' | 'flow' | 'finder' | 'document'>;
  /** Whether verdicts show values of answers; false unless given, and never for a live provider. */
  showValues?: boolean | undefined;
  /** What each request to the provider has: `NAME: VALUE` each. */
  headers?: readonly string[] | undefined;
  /** `process.env` unless given. */
  environment?: NodeJS.ProcessEnv;
}

/**
 * Detects whether a provider is under test, so that its states can be set, or live, and only read.
 * @throws Problem if a URL is invalid, or the environment lacks the credentials of a live provider.
 */
export async function openProvider(options: ProviderOptions): Promise<Provider> {
  const { environment = process.env, timeout = 10_000, api } = options;
  const controlToken = options.controlToken ?? environment['ARZAMED_CONTROL_TOKEN'];
  const { url, base } = splitServerPath(readUrl('provider', options.url), api?.operations ?? []);
  const fixed = new Map((options.headers ?? []).map(readHeader));
  const fromEnvironment = givenCredentials(api?.operations ?? [], environment);
  const details = (access: Access, silence?: Silence, given = fromEnvironment): Provider => {
    const budget = options.budget ?? (access.kind === 'test' ? Infinity : 100);
    // A live provider has had one request already.
    const left = access.kind === 'live' ? budget - 1 : budget;
    return new Provider({
      url,
      base,
      api,
      showsValues: options.showValues === true,
      access,
      timeout,
      silence,
      purse: { given, fixed },
      budget: left,
    });
  };
  if (options.states !== undefined) {
    const states = new URL(readUrl('states', options.states));
    return details({ kind: 'test', stateChanges: { url: states, controlToken, clinics: [] } });
  }
  const { serverPath, path } = operationTable.getHealth;
  const health = await exchange(
    { method: 'GET', url: new URL(url + serverPath + path), headers: [...fixed].flat() },
    timeout,
  );
  if (health.kind === 'silence') return details({ kind: 'none' }, health);
  const clinics = clinicsOf(health);
  if (!clinics) {
    // Perhaps a mock behind a gateway that does not reach it.
    const isWithToken = !fixed.has('authorization') && takesTokens(api, fromEnvironment, environment);
    if (health.status >= 500 && isWithToken && !environment['ARZAMED_CLIENT_ID']) {
      return details({ kind: 'none' }, { kind: 'silence', reason: `answers ${health.status}` });
    }
    const credentials = isWithToken ? readCredentials(environment) : undefined;
    if ((credentials || fromEnvironment.size > 0) && !isConfidential(new URL(url))) {
      throw new Problem({
        code: 'option_invalid',
        what: 'The URL of --provider is not safe to send a token to.',
        facts: { expected: 'an https URL, or http on this machine' },
        remedy: 'Correct it: --provider https://host.example',
      });
    }
    return details({ kind: 'live', credentials, scopes: api?.flow?.scopes ?? [] });
  }
  const change = operationTable.changeProviderState;
  const states = new URL(url + change.serverPath + change.path);
  // The mock's own accounts are presented to it.
  return details({ kind: 'test', stateChanges: { url: states, controlToken, clinics } }, undefined, new Map());
}

/** Whether tokens are fetched for a live provider: where a flow is documented for what its operations need, or on request. */
function takesTokens(
  api: ProviderOptions['api'],
  given: ReadonlyMap<string, string>,
  environment: NodeJS.ProcessEnv,
): boolean {
  if (!api) return true;
  const asked = api.operations.flatMap(({ security }) => security.alternatives.flat());
  if (!asked.some(({ scheme, presented }) => presented === 'bearer' && !given.has(scheme))) return false;
  const isOAuth = (each: Requirement): boolean =>
    each.definition?.type === 'oauth2' && each.presented === 'bearer' && !given.has(each.scheme);
  const needed = api.operations.some(
    ({ security }) =>
      !security.optional &&
      security.alternatives.length > 0 &&
      security.alternatives.every((each) => each.some(isOAuth)),
  );
  return (needed && api.flow !== undefined) || hasCredentials(environment);
}

/** @throws Problem, which does not show the value, if it is no header. */
function readHeader(text: string): [string, string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):([\t\x20-\x7E]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name.toLowerCase(), value.trim()];
  throw new Problem({
    code: 'option_invalid',
    what: 'Invalid header of --header.',
    facts: { expected: 'a name, a colon and a value of ASCII characters' },
    remedy: "Correct it: --header 'X-Tenant: one'",
  });
}

/** The clinics of a mock (`getHealth` of openapi/control.yaml); undefined for any other provider. */
function clinicsOf({ status, body }: ProviderResponse): string[] | undefined {
  const health = parseObject(body);
  const clinics = health?.['clinics'];
  if (status !== 200 || health?.['status'] !== 'ok' || typeof health['api'] !== 'object') return undefined;
  return Array.isArray(clinics) ? clinics.filter((clinic) => typeof clinic === 'string') : undefined;
}

function readUrl(option: 'provider' | 'states', text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash) {
    return option === 'provider' ? url.origin + url.pathname.replace(/(?<!\/)\/+$/, '') : url.href;
  }
  throw new Problem({
    code: 'option_invalid',
    what: `Invalid URL of --${option}.`,
    facts: { expected: 'http:// or https:// with a host, without user and password' },
    remedy: `Correct it: --${option} https://host.example`,
  });
}

/** A URL without the path of a server at its end, and that path; the longest, where several fit. */
function splitServerPath(url: string, operations: readonly Operation[]): Pick<Provider, 'url' | 'base'> {
  const { origin, pathname } = new URL(url);
  const [base = ''] = operations
    .flatMap(({ serverPaths }) => serverPaths)
    .filter((each) => each !== '' && pathname.endsWith(each))
    .toSorted((a, b) => b.length - a.length);
  return { url: (origin + pathname).replace(/\/$/, '').slice(0, base === '' ? undefined : -base.length), base };
}
