import type { Api } from '../../openapi/api.ts';
import type { OperationSecurity } from '../../openapi/security.ts';
import { valuesFromStates, type Interaction } from '../../pact/model.ts';
import { parseCookies } from '../../util/http.ts';
import { textAt, type Fields } from '../../util/json.ts';
import { presentationOf, secretIn, type Credential, type Purse } from './present.ts';
import type { Provider } from './provider.ts';

/** What interactions present to a provider beside what they take from provider states. */
export class InteractionCredentials {
  readonly #provider: Provider;
  readonly #api: Pick<Api, 'finder'> | undefined;
  readonly #states = new Map<string, Promise<Fields>>();
  /** The security schemes that interactions ask for, and for which there is nothing to present. */
  readonly missing = new Set<string>();

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
    for (const scheme of missing) this.missing.add(scheme);
    return presented.filter(({ scheme, in: place, name }) => {
      if (isGenerated && name === 'Authorization' && !this.#provider.purse.given.has(scheme)) return false;
      if (!security.optional) return true;
      // Whether a request without credentials is meant, the contract tells.
      if (place === 'query') return request.query.has(name);
      if (place === 'header') return request.headers.has(name.toLowerCase());
      return parseCookies(request.headers.get('cookie')?.values.join('; ') ?? '').has(name);
    });
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
