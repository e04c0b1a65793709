import type { MockClinic } from '../mock/control/controls.ts';
import { isLoopback } from '../mock/http/server.ts';
import type { Mock } from '../mock/instances.ts';
import { paths } from '../mock/routing/paths.ts';
import { partAt } from '../openapi/look-up.ts';
import type { Operation, OperationParameter } from '../openapi/operations.ts';
import { fillTemplate } from '../openapi/path-template.ts';
import { uncheckedSchemes, type Requirement } from '../openapi/security.ts';
import { fieldsOf, isList } from '../util/json.ts';
import type { MockCommandOptions } from './options.ts';
import { printable } from '../util/terminal.ts';

/** More operations than a terminal shows at once are counted. */
const mostRoutes = 40;

/**
 * What `arzamed mock` prints for people: each clinic's token URL and credentials, the operations, and a call to paste.
 * @param started the address it listens on, and a generated control token.
 */
export function welcome(
  mock: Mock,
  { host, controlToken, scenario, watch }: Pick<MockCommandOptions, 'host' | 'controlToken' | 'scenario' | 'watch'>,
): string {
  const notes: string[] = [];
  const unchecked = uncheckedSchemes(mock.api.operations);
  if (unchecked.length > 0) notes.push(`Not checked, and so taken as given: ${unchecked.join(', ')}.`, '');
  if (!isLoopback(host) && isLoopback(new URL(mock.baseUrl).hostname)) {
    notes.push('Other machines need another hostname in these URLs: set it with --public-url URL.', '');
  }
  if (controlToken !== undefined) notes.push(`Control token of this run, for ${paths.control}: ${controlToken}`, '');
  else if (mock.controlToken !== undefined)
    notes.push(`Requests of ${paths.control} need the given control token.`, '');
  if (scenario !== undefined) notes.push(`The scenario ${scenario} runs.`, '');
  if (watch) notes.push('It follows changes of its files.', '');
  return printable([
    `Mock of ${mock.api.document.info.title} at ${mock.baseUrl}`,
    '',
    ...mock.clinics.flatMap((clinic) => describeClinic(clinic, needsTokens(mock.api.operations))),
    ...routes(mock),
    ...pasteable(mock),
    ...notes,
    'Press Ctrl-C to stop.',
  ]);
}

function needsTokens(operations: readonly Operation[]): boolean {
  return operations.some(({ security }) =>
    security.alternatives.flat().some(({ presented }) => presented === 'bearer'),
  );
}

function describeClinic({ clinic, tokenUrl, keys }: MockClinic, withTokens: boolean): string[] {
  const width = Math.max(...keys.map(({ clientId }) => clientId.length));
  return [
    withTokens ? `  ${clinic}  ${tokenUrl}` : `  ${clinic}`,
    ...keys.map(({ clientId, clientSecret, status }) => {
      const note = status === 'active' ? '' : `  (${status})`;
      return `    ${clientId.padEnd(width)}  ${clientSecret}${note}`;
    }),
    '',
  ];
}

/** The operations with URLs that a terminal opens: a documented example stands for each path parameter that has one. */
function routes(mock: Mock): string[] {
  const operations = mock.api.operations.filter(({ issuesTokens }) => !issuesTokens);
  const shown = operations.slice(0, mostRoutes);
  const width = Math.max(...shown.map(({ method }) => method.length));
  const more = operations.length - shown.length;
  return [
    ...shown.map((operation) => `  ${operation.method.toUpperCase().padEnd(width)}  ${urlOf(mock, operation)}`),
    ...(more > 0 ? [`  … and ${more} more; a request for an unknown path lists them all.`] : []),
    '',
  ];
}

function urlOf({ baseUrl, api: { document } }: Mock, { path, serverPath, parameters }: Operation): string {
  const inPath = parameters.filter((each) => each.in === 'path');
  const examples = inPath.map((each) => [each.name, exampleOf(document, each) ?? `{${each.name}}`] as const);
  const filled = fillTemplate(path, Object.fromEntries(examples)).replaceAll(/%7B(.*?)%7D/g, '{$1}');
  return new URL(baseUrl).origin + serverPath + filled;
}

function exampleOf(document: Mock['api']['document'], { steps }: OperationParameter): string | undefined {
  const { example, examples } = partAt(document, steps)?.fields ?? {};
  const [named] = Object.values(fieldsOf(examples) ?? {});
  const schema = partAt(document, [...steps, 'schema'])?.fields ?? {};
  const listed = [schema['examples'], schema['enum']].flatMap((each): unknown[] => (isList(each) ? [...each] : []));
  const usual = schema['type'] === 'integer' || schema['type'] === 'number' ? [1] : [];
  const candidates: unknown[] = [
    example,
    fieldsOf(named)?.['value'],
    schema['example'],
    schema['default'],
    ...listed,
    ...usual,
  ];
  const found = candidates.find((each) => typeof each === 'string' || typeof each === 'number');
  return found === undefined ? undefined : String(found);
}

/** A call for a POSIX shell, after a request for a token if it needs one. */
function pasteable(mock: Mock): string[] {
  const operation = mock.api.operations.find(isSimple);
  const [clinic] = mock.clinics;
  const key = clinic?.keys.find(({ status }) => status === 'active');
  if (!operation || !clinic || !key) return [];
  const required = operation.security.alternatives[0] ?? [];
  const options = required.map((each) => curlOption(each, key));
  const query = required.flatMap(({ definition }) =>
    definition?.place.in === 'query' ? `${definition.place.name}=${encodeURIComponent(key.clientSecret)}` : [],
  );
  const url = urlOf(mock, operation) + (query.length > 0 ? `?${query.join('&')}` : '');
  const call = ['curl -sS', ...options, query.length > 0 ? quote(url) : url].filter(Boolean).join(' ');
  return ['Try it:', '', ...(call.includes('$TOKEN') ? tokenCall(mock, clinic, key) : []), `  ${call}`, ''];
}

function tokenCall({ api: { flow } }: Mock, { tokenUrl }: MockClinic, key: MockClinic['keys'][number]): string[] {
  const scope = flow && flow.scopes.length > 0 ? ` -d ${quote(`scope=${flow.scopes.join(' ')}`)}` : '';
  return [
    `  TOKEN=$(curl -sS -u ${quote(`${key.clientId}:${key.clientSecret}`)} -d grant_type=client_credentials${scope} \\`,
    `    ${tokenUrl} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
  ];
}

/** How curl presents a key for a requirement, other than in the query. */
function curlOption({ definition, presented }: Requirement, key: MockClinic['keys'][number]): string {
  const place = definition?.place;
  if (presented === 'basic') return `-u ${quote(`${key.clientId}:${key.clientSecret}`)}`;
  if (presented === 'bearer') {
    return definition?.type === 'http'
      ? `-H ${quote(`Authorization: Bearer ${key.clientSecret}`)}`
      : '-H "Authorization: Bearer $TOKEN"';
  }
  if (place?.in === 'header') return `-H ${quote(`${place.name}: ${key.clientSecret}`)}`;
  return place?.in === 'cookie' ? `-b ${quote(`${place.name}=${key.clientSecret}`)}` : '';
}

/** A GET without required parameters beside those of the path. */
function isSimple({ method, parameters, issuesTokens }: Operation): boolean {
  return method === 'get' && !issuesTokens && !parameters.some((each) => each.required && each.in !== 'path');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
