import type { Api } from '../../openapi/api.ts';
import type { OperationSecurity, Requirement } from '../../openapi/security.ts';
import { valuesFromStates, type Interaction } from '../../pact/model.ts';
import { parseCookies } from '../../util/http.ts';
import { textAt, type Fields } from '../../util/json.ts';
import { placeIn, presentationOf, secretIn, type Credential, type Purse } from './present.ts';
import type { Provider } from './provider.ts';

/** Contracts name a few of a mock's accounts. */
const mostAccounts = 100;

/** What interactions present to a provider beside what they take from provider states. */
export class InteractionCredentials {
  readonly #provider: Provider;
  readonly #api: Pick<Api, 'finder'> | undefined;
  readonly #states = new Map<string, Promise<Fields>>();
  /** What interactions ask for, and for which there is nothing to present. */
  readonly missing: Requirement[] = [];

  constructor(provider: Provider, api: Pick<Api, 'finder'> | undefined) {
    this.#provider = provider;
    this.#api = api;
  }

  /** An interaction that expects 401 or 403 is sent as the contract has it. */
  async of({ request, response, states }: Interaction): Promise<Credential[]> {
    const found = this.#api?.finder.find(request.method, request.path, request.query);
    if (found?.kind !== 'operation' || found.operation.issuesTokens) return [];
    if (response.status === 401 || response.status === 403) return [];
    const { security } = found.operation;
    const isGenerated = valuesFromStates(request).length > 0;
    const clinic = states.map(({ params }) => params['clinic'] ?? params['account']).find((each) => each !== undefined);
    const purse = await this.#purse(security, isGenerated, clinic === undefined ? {} : { clinic });
    const { presented, missing } = presentationOf(security, purse);
    this.missing.push(
      ...missing.filter(({ definition }) => !definition || valueAt(request, placeIn(definition)) === undefined),
    );
    const own = await this.#accountsIn(request, presented);
    return presented.filter((each) => {
      const isFromState = isGenerated && each.name === 'Authorization' && !this.#provider.purse.given.has(each.scheme);
      const value = valueAt(request, each);
      // Whether a request without credentials is meant, the contract tells.
      return !isFromState && (value === undefined ? !security.optional : !own.has(value));
    });
  }

  /** The credentials of a mock's accounts, where a contract may choose one of several by its own. */
  async #accountsIn(request: Interaction['request'], presented: readonly Credential[]): Promise<Set<string>> {
    const { access, purse } = this.#provider;
    const isChosen = presented.some((each) => !purse.given.has(each.scheme) && valueAt(request, each) !== undefined);
    const clinics = access.kind === 'test' && isChosen ? access.stateChanges.clinics.slice(0, mostAccounts) : [];
    if (clinics.length < 2) return new Set();
    const found = await Promise.all(clinics.map((clinic) => this.#takeOn('a key', { clinic })));
    return new Set(
      found.flatMap((values) => textAt(values, 'basic') ?? []).flatMap((basic) => [basic, secretIn(basic)]),
    );
  }

  /** @param isGenerated whether a token comes from a provider state anyway. */
  async #purse({ alternatives }: OperationSecurity, isGenerated: boolean, params: object): Promise<Purse> {
    const { purse } = this.#provider;
    const asked = alternatives.flat().filter(({ scheme }) => !purse.given.has(scheme));
    const isKey = asked.some(({ presented }) => presented === 'key' || presented === 'basic');
    const isToken = asked.some(({ presented }) => presented === 'bearer');
    const basic = isKey ? textAt(await this.#takeOn('a key', params), 'basic') : undefined;
    const secret = basic === undefined ? undefined : secretIn(basic);
    const token = isToken ? (isGenerated ? 'of the state' : await this.#token(params)) : undefined;
    return { ...purse, basic, secret, token };
  }

  async #token(params: object): Promise<string | undefined> {
    const { access } = this.#provider;
    if (access.kind !== 'live') return textAt(await this.#takeOn('a bearer token', params), 'accessToken');
    const token = await this.#provider.liveToken(access);
    return token?.kind === 'token' ? token.accessToken : undefined;
  }

  #takeOn(state: string, params: object): Promise<Fields> {
    const key = JSON.stringify([state, params]);
    const known = this.#states.get(key) ?? this.#provider.takeOn(state, params);
    this.#states.set(key, known);
    return known;
  }
}

/** What a contract's request has where a credential belongs; the connection has nothing. */
function valueAt({ headers, query }: Interaction['request'], place: ReturnType<typeof placeIn>): string | undefined {
  switch (place?.in) {
    case 'query':
      return query.get(place.name)?.join(',');
    case 'header':
      return headers.get(place.name.toLowerCase())?.values.join(', ');
    case 'cookie':
      return parseCookies(headers.get('cookie')?.values.join('; ') ?? '').get(place.name);
    case undefined:
    default:
      return undefined;
  }
}
