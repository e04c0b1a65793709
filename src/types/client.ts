import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { packageFile } from '../util/files.ts';
import type { ClientTable } from './client-table.ts';

/** A part of the client in two sizes: what it exports is the same, what it can do is not. */
interface Part {
  small: string;
  large: string;
}

const credentials: Part = {
  small: [
    "export { oauthFrom as credentialsFrom, oauthRequired as requiredOptions } from './auth/oauth.ts';",
    "export { tokensAlone as withCredentials, type OAuthOptions as CredentialOptions } from './auth/oauth.ts';",
    "export { redactor as redactorFor } from './redact.ts';",
  ].join('\n'),
  large: [
    "export { noneRequired as requiredOptions, schemesFrom as credentialsFrom } from './auth/credentials.ts';",
    "export { credentialsBeside as withCredentials, type SchemeOptions as CredentialOptions } from './auth/credentials.ts';",
    "export { redactorOfAll as redactorFor } from './auth/credentials.ts';",
  ].join('\n'),
};
const requests: Part = {
  small: "export { buildRequest as requestFor } from './request.ts';",
  large: "export { buildAnyRequest as requestFor } from './content/requests.ts';",
};
const answers: Part = {
  small: "export { asText as readable, readJson as answerOf } from './answer.ts';",
  large: "export { asTextOrBlob as readable, readAny as answerOf } from './content/answers.ts';",
};

/** The module `parts.ts` of a client: each part as small as the operations allow. */
export function writeParts({ calls }: ClientTable): string {
  const rows = calls.map(({ row }) => row);
  const anyCredentials = rows.some(({ security }) => security !== undefined);
  const anyRequests = rows.some(
    ({ styles, server, accept, type }) =>
      styles ?? server ?? accept ?? (type === undefined ? undefined : !/json$/.test(type) || undefined),
  );
  const anyAnswers = rows.some(({ accept, refusals }) => accept ?? refusals);
  return [
    credentials[anyCredentials ? 'large' : 'small'],
    requests[anyRequests ? 'large' : 'small'],
    answers[anyAnswers ? 'large' : 'small'],
    '',
  ].join('\n');
}

/** What the client knows of the API, as constants of a module. */
export function writeClientTable({ servers, scopes, tokenUrl, schemes, calls }: ClientTable): string {
  return [
    '/** The servers of the API, production first. */',
    `export const servers: readonly string[] = ${JSON.stringify(servers, null, 2)};`,
    '',
    '/** Every scope that a token can need. */',
    `export const scopes: readonly string[] = ${JSON.stringify(scopes, null, 2)};`,
    '',
    '/** The only URL that issues tokens, if the specification names one. */',
    `export const tokenUrl: string | undefined = ${JSON.stringify(tokenUrl)};`,
    '',
    '/** Security scheme to how it is presented. */',
    `export const schemes = ${JSON.stringify(schemes, null, 2)} as const;`,
    '',
    '/** The operations but the one that issues tokens: what a client must know to call them. */',
    'export const calls = {',
    ...calls.flatMap(({ name, comment, row }) => [
      ...(comment.length > 1
        ? ['  /**', ...comment.map((line) => `   * ${line}`.trimEnd()), '   */']
        : comment.map((line) => `  /** ${line} */`)),
      `  ${JSON.stringify(name)}: ${JSON.stringify(row)},`,
    ]),
    '} as const;',
    '',
  ].join('\n');
}

/**
 * A client of an API in one module beside its types, `types.ts`: the same sources that the client of this package is made
 * of, with another table.
 * @param prefix the beginning of the environment variables, such as `PARCELS`.
 */
export async function writeClient(table: ClientTable, prefix = 'ARZAMED'): Promise<string> {
  const modules = await inOrder('index.ts', {
    'parts.ts': writeParts(table),
    '../generated/operations.ts': writeClientTable(table),
    '../generated/types.ts': '',
  });
  const index = modules.get('index.ts') ?? '';
  modules.delete('index.ts');
  const exported = exportsOf(index).map(({ name }) => name);
  const refusals = modules.has('content/answers.ts') ? ['RequestRefusedError', 'Refusal'] : [];
  const kept = new Set([...exported, ...refusals]);
  const texts = [...modules].map(([name, text]) => (name === 'parts.ts' ? aliases(text) : withoutImports(text, kept)));
  const whole = ["import type { paths } from './types.js';", ...texts.filter((text) => text !== '')].join('\n');
  return whole.replaceAll('ARZAMED_', `${prefix}_`);
}

const importing = /^(?:import|export) (?:type )?\{([^}]*)\} from '([^']+)';\n/gm;

/** The modules that one imports, each after those that it imports itself, by their names within `src/client/`. */
async function inOrder(entry: string, given: Record<string, string>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const started = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (started.has(name)) return;
    started.add(name);
    const text = given[name] ?? (await readFile(packageFile(`src/client/${name}`), 'utf8'));
    for (const [, , specifier = ''] of text.matchAll(importing))
      await visit(posix.join(posix.dirname(name), specifier));
    texts.set(name, text);
  };
  await visit(entry);
  return texts;
}

interface Exported {
  name: string;
  alias: string;
  isType: boolean;
}

function exportsOf(text: string): Exported[] {
  return [...text.matchAll(importing)].flatMap(([statement, names = '']) =>
    names.split(',').flatMap((each) => {
      const [, type, name = '', alias = name] = /^\s*(type )?(\w+)(?: as (\w+))?\s*$/.exec(each) ?? [];
      return name === '' ? [] : [{ name, alias, isType: type !== undefined || statement.startsWith('export type') }];
    }),
  );
}

function aliases(text: string): string {
  return exportsOf(text)
    .map(({ name, alias, isType }) => `${isType ? 'type' : 'const'} ${alias} = ${name};\n`)
    .join('');
}

/** A module without its imports, and without the exports that are not for users. */
function withoutImports(text: string, kept: ReadonlySet<string>): string {
  return text
    .replaceAll(importing, '')
    .replaceAll(
      /^export ((?:async |abstract )*(?:function|const|class|interface|type) (\w+))/gm,
      (whole, declaration: string, name: string) => (kept.has(name) ? whole : declaration),
    )
    .trim()
    .concat('\n');
}
