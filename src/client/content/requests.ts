import { servers } from '../../generated/operations.ts';
import { buildRequest, present, type Request } from '../request.ts';
import type { RequestRow, UntypedInput } from '../types.ts';
import { bodyOf } from './bodies.ts';
import { simpleText, toPairs } from './styles.ts';

/**
 * A request with parameters of all styles and bodies of all media types.
 * @throws InvalidOptionError if a path parameter would lead to another path.
 */
export function buildAnyRequest(baseUrl: string, row: RequestRow, input: UntypedInput): Request {
  const { styles = {}, server, accept } = row;
  // What is not usual goes into the template, encoded, before the usual parameters.
  const path = present(input.path).reduce((left, [name, value]) => {
    const style = styles['path']?.[name];
    return style === undefined ? left : left.replaceAll(`{${name}}`, () => simpleText(style, name, value));
  }, row.path);
  const pairsIn = (place: 'query' | 'cookie'): string[] =>
    present(input[place]).flatMap(([name, value]) => toPairs(styles[place]?.[name] ?? 'form*', name, value));
  const headers = present<unknown>(input.header ?? {}).map(
    ([name, value]) => [name, simpleText(styles['header']?.[name] ?? '', name, value, String)] as const,
  );
  const cookies = pairsIn('cookie');
  const header = {
    ...(accept === undefined ? {} : { accept }),
    ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
    ...Object.fromEntries(headers),
  };
  const base = server === undefined ? baseUrl : serverOf(server, baseUrl);
  const { url, init } = buildRequest(base, { ...row, path }, { ...(input.path ? { path: input.path } : {}), header });
  if (input.body !== undefined) [init.body, init.headers['content-type']] = bodyOf(row, input.body);
  const query = pairsIn('query');
  return { url: query.length > 0 ? `${url}?${query.join('&')}` : url, init };
}

/** The server of an operation alone; for another base URL than the document's, its path on that host. */
function serverOf(server: string, baseUrl: string): string {
  const isDocumented = servers[0]?.replace(/(?<!\/)\/+$/, '') === baseUrl && URL.canParse(server);
  const { origin, pathname } = new URL(server, baseUrl);
  return (isDocumented ? origin : new URL(baseUrl).origin) + pathname.replace(/(?<!\/)\/+$/, '');
}
