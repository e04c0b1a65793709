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
    "export { oauthRequired as credentialOptions } from './auth/oauth.ts';",
    "export { tokensAlone as withCredentials, type OAuthOptions as CredentialOptions } from './auth/oauth.ts';",
    "export { redactor as redactorFor } from './redact.ts';",
  ].join('\n'),
  large: [
    "export { noneRequired as requiredOptions, schemesFrom as credentialsFrom } from './auth/credentials.ts';",
    "export { schemeOptions as credentialOptions } from './auth/credentials.ts';",
    "export { credentialsBeside as withCredentials, type SchemeOptions as CredentialOptions } from './auth/credentials.ts';",
    "export { redactorOfAll as redactorFor } from './auth/credentials.ts';",
  ].join('\n'),
};
const requests = {
  none: "export { buildPlainRequest as requestFor } from './request.ts';",
  small: "export { buildRequest as requestFor } from './request.ts';",
  large: "export { buildAnyRequest as requestFor } from './content/requests.ts';",
};
const answers: Part = {
  small: "export { readText as readBody, readJson as answerOf } from './answer.ts';",
  large: "export { readTextOrBlob as readBody, readAny as answerOf } from './content/answers.ts';",
};

/** The module `parts.ts` of a client: each part as small as the operations allow. */
export function writeParts({ calls, takesInput }: ClientTable): string {
  const rows = calls.map(({ row }) => row);
  // Where nothing needs a token, none of its options is required.
  const anyCredentials =
    rows.some(({ security }) => security !== undefined) || rows.every(({ scopes }) => scopes === null);
  const anyRequests = rows.some(
    ({ styles, server, accept, type }) =>
      styles ?? server ?? accept ?? (type === undefined ? undefined : !type.endsWith('json') || undefined),
  );
  const anyAnswers = rows.some(({ accept, refusals }) => accept ?? refusals);
  return [
    credentials[anyCredentials ? 'large' : 'small'],
    requests[anyRequests ? 'large' : takesInput ? 'small' : 'none'],
    answers[anyAnswers ? 'large' : 'small'],
    '',
  ].join('\n');
}

/** What the client knows of the API, as constants of a module by their names. */
export function writeClientTable({ servers, scopes, tokenUrl, schemes, calls }: ClientTable): Record<string, string> {
  return {
    servers: `/** The servers of the API, production first. */
export const servers: readonly string[] = ${JSON.stringify(servers, null, 2)};
`,
    scopes: `/** Every scope that a token can need. */
export const scopes: readonly string[] = ${JSON.stringify(scopes, null, 2)};
`,
    tokenUrl: `/** The only URL that issues tokens, if the specification names one. */
export const tokenUrl: string | undefined = ${JSON.stringify(tokenUrl)};
`,
    schemes: `/** Security scheme to how it is presented. */
export const schemes = ${JSON.stringify(schemes, null, 2)} as const;
`,
    calls: `/** The operations but the one that issues tokens: what a client must know to call them. */
export const calls = {
${calls.map((call) => `${commentOf(call)}  ${JSON.stringify(call.name)}: ${JSON.stringify(call.row)},\n`).join('')}} as const;
`,
  };
}

function commentOf({ comment: [first, ...others] }: { comment: string[] }): string {
  if (first === undefined) return '';
  return others.length === 0
    ? `  /** ${first} */\n`
    : ['  /**', ...[first, ...others].map((line) => `   * ${line}`.trimEnd()), '   */', ''].join('\n');
}

/**
 * A client of an API in one module beside its types, `types.ts`: the same sources that the client of this package is made
 * of, with another table.
 * @param prefix the beginning of the environment variables, such as `PARCELS`.
 */
export async function writeClient(table: ClientTable, prefix = 'ARZAMED'): Promise<string> {
  const modules = await inOrder('index.ts', {
    'parts.ts': writeParts(table),
    [operations]: '',
    '../generated/types.ts': '',
  });
  const read = new Set([...modules.values()].flatMap((text) => importsOf(text, operations)));
  const constants = Object.entries(writeClientTable(table)).filter(([name]) => read.has(name));
  modules.set(operations, constants.map(([, text]) => text).join('\n'));
  const index = modules.get('index.ts') ?? '';
  modules.delete('index.ts');
  const exported = exportsOf(index).map(({ name }) => name);
  const refusals = modules.has('content/answers.ts') ? ['RequestRefusedError', 'RefusalBody'] : [];
  const kept = new Set([...exported, ...refusals]);
  // Node's types may not be there.
  const process = '(globalThis as { process?: { env: Environment } }).process';
  const texts = [...modules].map(([name, text]) => {
    if (name === 'parts.ts') return aliases(text);
    const own = withoutImports(text, kept);
    if (name === operations) return own;
    return own.replaceAll('ARZAMED_', `${prefix}_`).replaceAll('globalThis.process', process);
  });
  return withoutUnused(["import type { paths } from './types.js';\n", ...texts].join('\n'));
}

const operations = '../generated/operations.ts';

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
    namesIn(names).map(({ isType, ...each }) => ({ ...each, isType: isType || statement.startsWith('export type') })),
  );
}

function importsOf(text: string, module: string): string[] {
  return [...text.matchAll(importing)].flatMap(([, names = '', from = '']) =>
    from.endsWith(module) ? namesIn(names).map(({ name }) => name) : [],
  );
}

function namesIn(list: string): Exported[] {
  return list.split(',').flatMap((each) => {
    const [, type, name = '', alias = name] = /^\s*(type )?(\w+)(?: as (\w+))?\s*$/.exec(each) ?? [];
    return name === '' ? [] : [{ name, alias, isType: type !== undefined }];
  });
}

function aliases(text: string): string {
  return exportsOf(text)
    .map(({ name, alias, isType }) => `${isType ? 'type' : 'const'} ${alias} = ${name};\n`)
    .join('');
}

/** Without the declarations that nothing mentions: each stands at the left, after an empty line. */
function withoutUnused(text: string): string {
  let blocks = text.split(/\n{2,}(?=\S)/);
  for (;;) {
    const used = blocks.filter((block, index) => {
      const names = [...block.matchAll(/^(?:abstract |async )?(?:function|const|class|interface|type) (\w+)/gm)].map(
        ([, name]) => name,
      );
      if (names.length === 0 || /^export /m.test(block)) return true;
      return names.some((name) => blocks.some((other, at) => at !== index && new RegExp(`\\b${name}\\b`).test(other)));
    });
    if (used.length === blocks.length) return used.join('\n\n');
    blocks = used;
  }
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
