import { entriesOf, fieldsOf, isList, valueAt, type Fields } from '../util/json.ts';
import { methods, type Method, type OpenApiDocument, type Server } from './document.ts';
import { partAt, partsBelow, type Part } from './look-up.ts';
import { OperationFinder, type Routed } from './match.ts';
import { usualStatus } from './responses.ts';
import { oauthFlows, readSecurity, securitySchemes, type OperationSecurity } from './security.ts';

/** One row of the operation table: what the toolkit knows of an operation, all of it from the specification. */
export interface Operation {
  /** The `operationId`, or `method path` where the document gives none. */
  id: string;
  method: Method;
  /** The path as the document has it, with its templates: `/plots/{plotId}`. */
  path: string;
  /** The path of the operation's first server, without a slash at its end: `/api/v1`, or empty. */
  serverPath: string;
  /** The paths of all its servers, each once. */
  serverPaths: string[];
  steps: string[];
  summary?: string | undefined;
  security: OperationSecurity;
  /** True for an operation that the token URL of an OAuth flow leads to. */
  issuesTokens: boolean;
  parameters: OperationParameter[];
  /** Media types of the request's body, empty where it takes none. */
  requestTypes: string[];
  /** The documented statuses, in order: `['200', '401', 'default']`. */
  statuses: string[];
  /** The one of them under which a right request is answered. */
  usualStatus: string | undefined;
}

export interface OperationParameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required: boolean;
  steps: string[];
}

export function operationName({ method, path }: { method: string; path: string }): string {
  return `${method.toUpperCase()} ${path}`;
}

/** The operation table of a document, in its order. The later of two operations of one id is called by its method and path. */
export function readOperations(document: OpenApiDocument): Operation[] {
  const found = [...partsBelow(document, ['paths'])].flatMap(([path, item]) =>
    path.startsWith('/') ? methods.flatMap((method) => readRow(document, path, item, method) ?? []) : [],
  );
  const finder = new OperationFinder(found);
  const issuing = new Set(
    tokenPaths(document).flatMap((path) => {
      const match = finder.find('POST', path);
      return match.kind === 'operation' ? [match.operation] : [];
    }),
  );
  const schemes = securitySchemes(document);
  const ids = new Set<string>();
  return found.map((each): Operation => {
    const { fields, ...row } = each;
    if (ids.has(row.id)) row.id = operationName(row);
    ids.add(row.id);
    const issuesTokens = issuing.has(each);
    const { security = document.security } = fields;
    const answered = usualStatus(document, row);
    return { ...row, security: readSecurity(security, schemes), issuesTokens, usualStatus: answered };
  });
}

/** The token URLs of a document; a relative URL is resolved by the first server. */
export function tokenUrls(document: OpenApiDocument): URL[] {
  const base = serverUrl(document.servers).href;
  return oauthFlows(document).flatMap(({ tokenUrl }) =>
    tokenUrl !== undefined && URL.canParse(tokenUrl, base) ? new URL(tokenUrl, base) : [],
  );
}

/** The paths of the token URLs of a document, each once. */
export function tokenPaths(document: OpenApiDocument): string[] {
  return [...new Set(tokenUrls(document).map(({ pathname }) => pathname))];
}

/** The paths of a document that have no operation. */
export function barePaths(document: OpenApiDocument): Routed[] {
  const bare = [...partsBelow(document, ['paths'])].filter(
    ([, { fields }]) => !methods.some((method) => fields[method]),
  );
  return bare.flatMap(([path, { fields }]) =>
    serverPathsOf(fields['servers'] ?? document.servers).map((serverPath) => ({ method: '', path, serverPath })),
  );
}

/** What an operation says of itself alone, and all its fields. */
function readRow(
  document: OpenApiDocument,
  path: string,
  item: Part,
  method: Method,
): (Omit<Operation, 'security' | 'issuesTokens' | 'usualStatus'> & { fields: Fields }) | undefined {
  const part = partAt(document, [...item.steps, method]);
  if (!part) return undefined;
  const { steps, fields } = part;
  const { operationId, summary, responses, servers = item.fields['servers'] ?? document.servers } = fields;
  const [serverPath = '', ...others] = serverPathsOf(servers);
  const body = partAt(document, [...steps, 'requestBody']);
  return {
    id: typeof operationId === 'string' ? operationId : `${method} ${path}`,
    method,
    path,
    serverPath,
    serverPaths: [serverPath, ...others],
    steps,
    summary: typeof summary === 'string' ? summary : undefined,
    parameters: readParameters(document, [item.steps, steps]),
    requestTypes: entriesOf(body?.fields['content']).map(([type]) => type),
    statuses: entriesOf(responses).flatMap(([status]) => (status.startsWith('x-') ? [] : status)),
    fields,
  };
}

export function readServers(servers: unknown): Server[] {
  return (Array.isArray(servers) ? servers : []).map((server: unknown) => {
    const { url, variables } = fieldsOf(server) ?? {};
    const defaults = entriesOf(variables).map(
      ([name, variable]) => [name, { default: String(fieldsOf(variable)?.['default']) }] as const,
    );
    return { url: String(url), variables: Object.fromEntries(defaults) };
  });
}

/** The paths of servers, each once: first those with their variables at the defaults, then those with the other values. */
function serverPathsOf(servers: unknown): string[] {
  const list = readServers(servers);
  const all = list.length > 0 ? list : [{ url: '/' }];
  const enums = isList(servers) ? servers.map((server) => entriesOf(fieldsOf(server)?.['variables'])) : [];
  const others = list.flatMap((server, index) => variantsOf(server, enums[index] ?? []));
  const paths = [...all, ...others].map((server) => serverUrl([server]).pathname);
  return [...new Set(paths.map((path) => path.replace(/\/$/, '')))];
}

const mostVariants = 64;

/** A server with each of the values that its variables may have in its path. */
function variantsOf(server: Server, variables: readonly [string, unknown][]): Server[] {
  const path = server.url.replace(/^[^/]*:?\/\/[^/]*/, '');
  let variants = [server];
  for (const [name, variable] of variables) {
    const values = fieldsOf(variable)?.['enum'];
    if (!isList(values) || !path.includes(`{${name}}`)) continue;
    variants = variants
      .flatMap((each) =>
        values.map((value) => ({ ...each, variables: { ...each.variables, [name]: { default: String(value) } } })),
      )
      .slice(0, mostVariants);
  }
  return variants;
}

/** @param holders path item and operation, whose own parameters override those of the path (OpenAPI 3.1, section 4.8.9). */
export function readParameters(
  document: OpenApiDocument,
  holders: readonly (readonly string[])[],
): OperationParameter[] {
  const parameters = new Map<string, OperationParameter>();
  for (const holder of holders) {
    const list = valueAt(document, [...holder, 'parameters']);
    for (const index of Array.isArray(list) ? list.keys() : []) {
      const part = partAt(document, [...holder, 'parameters', String(index)]);
      const { name, in: place, required }: Fields = part?.fields ?? {};
      if (!part || typeof name !== 'string' || !isPlace(place)) continue;
      parameters.set(`${place} ${name}`, { name, in: place, required: required === true, steps: part.steps });
    }
  }
  return [...parameters.values()];
}

function isPlace(value: unknown): value is OperationParameter['in'] {
  return value === 'path' || value === 'query' || value === 'header' || value === 'cookie';
}

/**
 * The first server as a URL, its variables at their defaults. A document without servers, or with a relative one,
 * stands at `http://localhost`, as OpenAPI leaves it to the place where the document was found; so does one whose URL
 * is none, with the path that can be told.
 */
export function serverUrl(servers: Server[] | undefined): URL {
  const server = servers?.[0] ?? { url: '/' };
  const address = addressOf(server);
  if (isServerUrl(server)) return new URL(address, anywhere);
  const [path = ''] = address
    .replace(/^[^/?#]*:\/\/|^\/\//, '')
    .replace(/^[^/?#]*/, '')
    .split(/[?#]/);
  return new URL(path.replace(/^\/*/, '/'), anywhere);
}

/** Whether a server's URL is one; a bare host, which would be read as a path, is none. */
export function isServerUrl(server: Server): boolean {
  const address = addressOf(server);
  const bareHost = /^(\{[^/]*:\/\/|[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(\/|$))/i;
  return URL.canParse(address, anywhere) && !bareHost.test(address);
}

const anywhere = 'http://localhost';

/** The URL of a server, with its variables at their defaults. */
export function addressOf({ url, variables }: Server): string {
  return url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => variables?.[name]?.default ?? whole);
}
