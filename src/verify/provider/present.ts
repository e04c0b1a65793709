import type { Operation } from '../../openapi/operations.ts';
import { scopesOf, type OperationSecurity, type Requirement, type SecurityScheme } from '../../openapi/security.ts';
import { parseCookies, withoutHeaders } from '../../util/http.ts';

/** A credential at the place where the document wants it. */
export interface Credential {
  scheme: string;
  kind: Requirement['presented'];
  in: 'header' | 'query' | 'cookie';
  name: string;
  value: string;
  /** That a token must have. */
  scopes: string[];
}

/** What a caller has to present. */
export interface Purse {
  /** By the names of schemes, as the environment gives it. */
  given: ReadonlyMap<string, string>;
  /** Headers that each request has anyway, by names in small letters. */
  fixed: ReadonlyMap<string, string>;
  token?: string | undefined;
  /** The header of HTTP Basic. */
  basic?: string | undefined;
  /** Of the key; it counts as an API key too. */
  secret?: string | undefined;
}

export interface Presentation {
  presented: Credential[];
  /** That for which there is nothing to present. */
  missing: Requirement[];
}

/** The first alternative that can be presented as a whole; otherwise the part of the nearest one that can be. */
export function presentationOf({ alternatives, optional }: OperationSecurity, purse: Purse): Presentation {
  const tried = alternatives.filter((each) => each.length > 0).map((each) => presentAll(each, purse));
  const [best] = tried.toSorted((a, b) => a.missing.length - b.missing.length);
  return !best || (optional && best.missing.length > 0) ? { presented: [], missing: [] } : best;
}

function presentAll(requirements: readonly Requirement[], purse: Purse): Presentation {
  const presented: Credential[] = [];
  const missing: Requirement[] = [];
  for (const requirement of requirements) {
    const one = present(requirement, purse);
    if (one) presented.push(one);
    else missing.push(requirement);
  }
  return { presented, missing };
}

function present(requirement: Requirement, purse: Purse): Credential | undefined {
  const { scheme, definition, presented: kind } = requirement;
  const at = definition && placeIn(definition);
  if (!at) return undefined;
  const { place } = definition;
  const given = purse.given.get(scheme);
  let value = at.in === 'header' ? purse.fixed.get(at.name.toLowerCase()) : undefined;
  if (place.in !== 'authorization') value ??= given ?? purse.secret;
  else value ??= given === undefined ? headerOf(kind, purse) : givenHeader(kind, place.word, given);
  return value === undefined ? undefined : { ...at, scheme, kind, value, scopes: scopesOf(requirement) };
}

/** Where a request has the credentials of a scheme; undefined for a certificate. */
export function placeIn({ place }: SecurityScheme): Pick<Credential, 'in' | 'name'> | undefined {
  if (place.in === 'connection') return undefined;
  return place.in === 'authorization' ? { in: 'header', name: 'Authorization' } : { in: place.in, name: place.name };
}

function headerOf(kind: Requirement['presented'], { token, basic }: Purse): string | undefined {
  if (kind === 'basic') return basic;
  return kind === 'bearer' && token !== undefined ? `Bearer ${token}` : undefined;
}

function givenHeader(kind: Requirement['presented'], word: string, given: string): string {
  if (kind === 'basic') return `Basic ${Buffer.from(given).toString('base64')}`;
  return `${kind === 'bearer' ? 'Bearer' : word} ${given}`;
}

/** The secret in a header of HTTP Basic. */
export function secretIn(basic: string): string {
  const text = Buffer.from(basic.replace(/^Basic /i, ''), 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

/** The variable of the environment with the credentials for a scheme. */
function variableFor(scheme: string): string {
  return `ARZAMED_CREDENTIALS_${scheme.toUpperCase().replaceAll(/[^A-Z\d]+/g, '_')}`;
}

/** The credentials that the environment gives for the schemes of operations, by their names. */
export function givenCredentials(
  operations: readonly Pick<Operation, 'security'>[],
  environment: NodeJS.ProcessEnv,
): Map<string, string> {
  const schemes = operations.flatMap(({ security }) => security.alternatives.flat().map(({ scheme }) => scheme));
  return new Map(
    [...new Set(schemes)].flatMap((scheme): [string, string][] => {
      const value = environment[variableFor(scheme)];
      return value ? [[scheme, value]] : [];
    }),
  );
}

/** Says, once for each security scheme, that requests are sent without what it asks for. */
export function missingCredentials(requirements: Iterable<Requirement>): string[] {
  const places = new Map([...requirements].map(({ scheme, definition }) => [scheme, definition?.place.in]));
  return [...places].map(([scheme, place]) => {
    const none = `There are no credentials for the security scheme ${scheme}, so requests are sent without`;
    if (place === 'connection') return `${none}: certificates cannot be presented.`;
    return place === undefined
      ? `${none}: the specification does not define it.`
      : `${none}. Set ${variableFor(scheme)}.`;
  });
}

/** A request with credentials in it, in place of what stands at their places. */
export function withPresented<Request extends { url: URL; headers: readonly string[] }>(
  request: Request,
  presented: readonly Credential[],
): Request {
  const among = (place: Credential['in']): [string, string][] =>
    presented.flatMap((each) => (each.in === place ? [[each.name, each.value]] : []));
  const [headers, query, cookies] = [among('header'), among('query'), among('cookie')];
  const url = new URL(request.url);
  if (query.length > 0) {
    const names = new Set(query.map(([name]) => name));
    const kept = url.search
      .slice(1)
      .split('&')
      .filter((part) => part !== '' && ![...new URLSearchParams(part).keys()].some((name) => names.has(name)));
    const own = query.map((pair) => pair.map(encodeURIComponent).join('='));
    url.search = [...kept, ...own].join('&');
  }
  return { ...request, url, headers: withHeaders(withCookies(request.headers, cookies), headers.flat()) };
}

function withCookies(headers: readonly string[], cookies: readonly (readonly [string, string])[]): readonly string[] {
  if (cookies.length === 0) return headers;
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'cookie');
  const all = new Map([...(at === -1 ? [] : parseCookies(headers[at + 1] ?? '')), ...cookies]);
  return withHeaders(headers, ['Cookie', [...all].map((pair) => pair.join('=')).join('; ')]);
}

/** Headers, names and values in turn, with others in place of those of the same name. */
export function withHeaders(headers: readonly string[], others: readonly string[]): readonly string[] {
  const names = others.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return [...withoutHeaders(headers, names), ...others];
}
