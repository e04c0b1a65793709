import type * as OpenapiTypescript from 'openapi-typescript';
import type TypeScript from 'typescript';
import type { OpenApiDocument } from '../openapi/document.ts';
import { partsOf } from '../openapi/structure.ts';
import { messageOf, Problem } from '../util/errors.ts';
import { entriesOf, fieldsOf, fromPointer, isFields, isList, toPointer, valueAt } from '../util/json.ts';
import { prepare } from './prepare.ts';

interface Generator {
  openapi: typeof OpenapiTypescript;
  ts: typeof TypeScript;
}

const command = 'npm install --save-dev openapi-typescript@7.13.0 typescript@5.9.3';

/**
 * Loads openapi-typescript and TypeScript, which are large and optional, on demand.
 * @throws Problem with the command that installs them.
 */
async function loadGenerator(): Promise<Generator> {
  try {
    // TypeScript first: without its API, openapi-typescript fails with an unhelpful error.
    const { default: ts } = await import('typescript');
    if (!('factory' in ts)) throw new Error(`TypeScript ${String(valueAt(ts, ['version']))} has no JavaScript API.`);
    return { ts, openapi: await import('openapi-typescript') };
  } catch (error) {
    const what = 'Types cannot be written without openapi-typescript and a compatible TypeScript.';
    const reason = messageOf(error).replace(/(\n| imported from )[^]*/, '');
    const remedy = `Run \`${command}\`.`;
    throw new Problem({ code: 'generator_missing', what, facts: { reason }, remedy }, { cause: error });
  }
}

interface WrittenTypes {
  text: string;
  /** The schemas that have no type, a sentence each, after their place. */
  warnings: string[];
}

/**
 * The types of a specification's paths, operations and components, by openapi-typescript. A schema that TypeScript cannot
 * express is `unknown`.
 * @param document references lead to whole components only.
 * @param name the specification in error messages.
 * @throws Problem if the generator is not installed, or cannot express the specification without its schemas either.
 */
export async function writeTypes(
  document: OpenApiDocument,
  name: string,
  locate: (path: readonly string[]) => string,
): Promise<WrittenTypes> {
  const generator = await loadGenerator();
  const warnings: string[] = [];
  let schemas = fieldsOf(valueAt(document, ['components', 'schemas'])) ?? {};
  // Each round leaves out at least one schema.
  for (;;) {
    const components = { ...document.components, ...(document.components?.['schemas'] ? { schemas } : {}) };
    const tried = document.components ? { ...document, components } : document;
    const text = await printTypes(generator, tried, name);
    const mistakes = mistakesIn(generator.ts, text);
    const [first] = mistakes;
    if (!first) return { text, warnings };
    const types = new Map(
      rootTypes(tried).map(({ name: root, kind, component }) => [root, [kind, component]] as const),
    );
    const found = mistakes.flatMap(({ steps: [root = '', ...rest], reason }): [string, string][] => {
      const [kind, schema = ''] = root === 'components' ? rest : (types.get(root) ?? []);
      return kind === 'schemas' && isFields(schemas[schema]) ? [[schema, reason]] : [];
    });
    if (found.length === 0) throw notCompiling(name, first);
    for (const [schema, reason] of new Map(found)) {
      const path = ['components', 'schemas', schema];
      schemas = { ...schemas, [schema]: true };
      warnings.push(`${locate(path)}: ${toPointer(path)} has no type, and is unknown in the types: ${reason}`);
    }
  }
}

async function printTypes(generator: Generator, document: OpenApiDocument, name: string): Promise<string> {
  const { json, marks } = prepare(document);
  const [upToComponents, rest] = await print(generator, json, name);
  const roots = rootTypes(document);
  const open = findOpenRecursion(document);
  const recursive = roots.filter(({ kind, component }) => kind === 'schemas' && open.has(component));
  const { text, bodies } = nameRecursive(generator.ts, upToComponents, recursive);
  const aliases = roots.map((type) => `export type ${type.name} = ${bodies.get(type) ?? typeOf(type)};\n`);
  // The generator's own helper refuses a base that may be null.
  const helper = `type WithRequired<T, K extends string> = T extends object ? T & {\n    [P in K & keyof T]-?: T[P];\n} : T;`;
  const nullable = /"nullable":true|"type":\["?[^\]]*"null"/.test(json);
  const end = nullable ? rest.replace(/type WithRequired<[^;]*;\n\};/, helper) : rest;
  return marks.restore(text + aliases.join('') + end);
}

/**
 * Runs only the transformation of openapi-typescript on a prepared document, as JSON. Its own entry runs Redocly first,
 * which fetches references, hangs on a thousand mutually recursive schemas, and fails on names such as `__proto__`.
 * @returns the text of `paths`, `webhooks` and `components`, and the rest.
 * @throws Problem if openapi-typescript fails.
 */
async function print({ openapi, ts }: Generator, json: string, name: string): Promise<[string, string]> {
  try {
    const document: unknown = JSON.parse(json);
    assertPrepared(document);
    const nodes = openapi.transformSchema(document, {
      ...(await defaults(openapi)),
      // Who answers may leave out what has a default.
      defaultNonNullable: false,
      transform: (schema, options) => openTuple({ openapi, ts }, schema, options),
      injectFooter: [],
      discriminators: openapi.scanDiscriminators(document, { silent: true }),
      resolve: ($ref) => openapi.resolveRef(document, $ref, { silent: true }),
    });
    return [openapi.astToString(nodes.slice(0, 3)), openapi.astToString(nodes.slice(3))];
  } catch (error) {
    throw new Problem(
      {
        code: 'types_impossible',
        what: 'openapi-typescript cannot write the types of this specification.',
        where: name,
        facts: { reason: messageOf(error) },
        remedy: 'Correct the specification at this place; `npx @redocly/cli lint FILE` says more.',
      },
      { cause: error },
    );
  }
}

/** A list whose first items are described: fewer are allowed, and more, unless the schema says otherwise. */
function openTuple(
  { openapi, ts }: Generator,
  schema: OpenapiTypescript.SchemaObject,
  options: OpenapiTypescript.TransformNodeOptions,
): TypeScript.TypeNode | undefined {
  if (schema.type !== 'array' || !('prefixItems' in schema) || !isList(schema.prefixItems)) return undefined;
  const { prefixItems, minItems = 0, maxItems = Infinity } = schema;
  const { items } = schema;
  const first = prefixItems.slice(0, maxItems).map((item, index) => {
    const type = openapi.transformSchemaObject(item, options);
    return index < minItems ? type : ts.factory.createOptionalTypeNode(type);
  });
  if (valueAt(schema, ['items']) === false || maxItems <= prefixItems.length) {
    return ts.factory.createTupleTypeNode(first);
  }
  const others = items && !Array.isArray(items) ? openapi.transformSchemaObject(items, options) : openapi.UNKNOWN;
  const rest = ts.factory.createRestTypeNode(ts.factory.createArrayTypeNode(others));
  return ts.factory.createTupleTypeNode([...first, rest]);
}

/** The default settings, which openapi-typescript passes only to a hook. */
async function defaults(openapi: Generator['openapi']): Promise<OpenapiTypescript.GlobalContext> {
  let told: OpenapiTypescript.GlobalContext | undefined;
  const components = { schemas: { A: { type: 'null' } } };
  await openapi.default(JSON.stringify({ openapi: '3.1.0', info: { title: '', version: '' }, components }), {
    silent: true,
    transform: (_, { ctx }) => {
      told = { ...ctx, transform: undefined };
      return undefined;
    },
  });
  if (!told) throw new Error('This version of openapi-typescript is not supported.');
  return told;
}

/** `prepare()` made the document what openapi-typescript accepts. */
function assertPrepared(_document: unknown): asserts _document is OpenapiTypescript.OpenAPI3 {}

/** The part of TypeScript's library that generated types use; reading all of it would be the slowest step. */
const library = `
interface Array<T> { length: number; [index: number]: T }
interface Boolean {} interface Function {} interface CallableFunction {} interface NewableFunction {}
interface IArguments {} interface Number {} interface Object {} interface RegExp {} interface String {}
type Exclude<T, U> = T extends U ? never : T;
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type Record<K extends keyof any, T> = { [P in K]: T };
`;

interface Mistake {
  /** The names of the properties around it, outermost first. */
  steps: string[];
  reason: string;
}

/** Compiles generated types strictly. */
function mistakesIn(ts: typeof TypeScript, text: string): Mistake[] {
  const options: TypeScript.CompilerOptions = { strict: true, noEmit: true, types: [], noResolve: true };
  const texts: Record<string, string> = { '/lib.d.ts': library, '/types.ts': text };
  const program = ts.createProgram({
    rootNames: Object.keys(texts),
    options: { ...options, noLib: true },
    host: {
      getSourceFile: (file, version) => ts.createSourceFile(file, texts[file] ?? '', version, true),
      getDefaultLibFileName: () => '/lib.d.ts',
      getCurrentDirectory: () => '/',
      getCanonicalFileName: (file) => file,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      fileExists: (file) => Object.hasOwn(texts, file),
      readFile: (file) => texts[file],
      writeFile: () => undefined,
    },
  });
  const found = [
    ...program.getSyntacticDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
  return found.map(({ file, start = 0, messageText }) => ({
    steps: file ? stepsTo(ts, file, start) : [],
    reason: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}

function notCompiling(name: string, { steps, reason }: Mistake): Problem {
  return new Problem({
    code: 'types_impossible',
    what: 'The types of this specification do not compile, so nothing is written.',
    where: name,
    facts: { at: toPointer(steps), reason },
    remedy: 'Change this part of the specification, or omit it in a copy.',
  });
}

/** The names of the properties around a position, outermost first. */
function stepsTo(ts: typeof TypeScript, file: TypeScript.SourceFile, position: number): string[] {
  const steps: string[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (position < node.getFullStart() || position >= node.getEnd()) return;
    const named = ts.isPropertySignature(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
    if (named && !ts.isComputedPropertyName(node.name)) steps.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return steps;
}

/** Kind of component to prefix of its types. */
const prefixes = {
  schemas: 'Schema',
  responses: 'Response',
  parameters: 'Parameter',
  requestBodies: 'RequestBody',
  headers: 'Header',
  pathItems: 'PathItem',
};

/** Names that the generated file uses otherwise. */
const taken = ['Record', 'Omit', 'WithRequired'];

interface RootType {
  /** The exported name, such as `Sailing`. */
  name: string;
  kind: string;
  /** The component's name in the document. */
  component: string;
}

/**
 * A unique type name for each component: its name in PascalCase, prefixed by its kind; schemas have the prefix only if the
 * name is no identifier or is taken. Duplicates get a number.
 */
function rootTypes(document: OpenApiDocument): RootType[] {
  const names = new Set(taken);
  const types: RootType[] = [];
  for (const [kind, prefix] of Object.entries(prefixes)) {
    for (const component of Object.keys(fieldsOf(valueAt(document, ['components', kind])) ?? {})) {
      const plain = pascalCase(component);
      const usable = kind === 'schemas' && /^[A-Za-z]/.test(plain) && !taken.includes(plain);
      const wanted = usable ? plain : `${prefix}${plain}`;
      let name = wanted;
      for (let count = 2; names.has(name); count += 1) name = `${wanted}_${count}`;
      names.add(name);
      types.push({ name, kind, component });
    }
  }
  return types;
}

/** `api-key`, `apiKey` and `APIKey` become `ApiKey`. */
function pascalCase(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '');
  return words
    .map((word, index) => {
      const separated = index > 0 && /^\d/.test(word) ? '_' : '';
      return `${separated}${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`;
    })
    .join('');
}

function typeOf({ kind, component }: RootType): string {
  return `components['${kind}']['${component}']`;
}

/**
 * Swaps definition and alias: the component's property refers to the exported type, which gets the property's body. Only
 * so may a type contain itself directly.
 */
function nameRecursive(
  ts: typeof TypeScript,
  text: string,
  recursive: readonly RootType[],
): { text: string; bodies: Map<RootType, string> } {
  const bodies = new Map<RootType, string>();
  if (recursive.length === 0) return { text, bodies };
  const byComponent = new Map(recursive.map((type) => [type.component, type]));
  const edits: { start: number; end: number; type: RootType }[] = [];
  for (const member of schemasIn(ts, text)) {
    const type = byComponent.get(ts.isPropertySignature(member) ? nameOf(ts, member) : '');
    if (!type || !ts.isPropertySignature(member) || !member.type) continue;
    edits.push({ start: member.type.getStart(), end: member.type.getEnd(), type });
  }
  let changed = text;
  for (const { start, end, type } of edits.toReversed()) {
    bodies.set(type, refer(text.slice(start, end), recursive));
    changed = changed.slice(0, start) + type.name + changed.slice(end);
  }
  return { text: changed, bodies };
}

function schemasIn(ts: typeof TypeScript, text: string): readonly TypeScript.TypeElement[] {
  const file = ts.createSourceFile('types.ts', text, ts.ScriptTarget.ESNext, true);
  const components = file.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === 'components');
  const schemas = components?.members
    .filter(ts.isPropertySignature)
    .find((member) => nameOf(ts, member) === 'schemas')?.type;
  return schemas && ts.isTypeLiteralNode(schemas) ? schemas.members : [];
}

function nameOf(ts: typeof TypeScript, { name }: TypeScript.PropertySignature): string {
  return ts.isComputedPropertyName(name) ? '' : name.text;
}

/** Quotes within string types are escaped, so this text can only be the reference. */
function refer(body: string, recursive: readonly RootType[]): string {
  return recursive.reduce(
    (changed, { name, component }) => changed.replaceAll(`components["schemas"]["${component}"]`, name),
    body,
  );
}

/** TypeScript resolves the types below these lazily. */
const lazy = new Set(['properties', 'additionalProperties', 'patternProperties']);

/**
 * Schemas that contain themselves without an object in between, such as a list of itself. TypeScript only accepts them as
 * named types.
 */
function findOpenRecursion(document: OpenApiDocument): Set<string> {
  const schemas = entriesOf(valueAt(document, ['components', 'schemas']));
  const edges = new Map(schemas.map(([name, schema]) => [name, directReferences(schema)]));
  return new Set([...edges.keys()].filter((name) => reaches(edges, name)));
}

function reaches(edges: Map<string, string[]>, start: string): boolean {
  const seen = new Set<string>();
  const ahead = [...(edges.get(start) ?? [])];
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === start) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    ahead.push(...(edges.get(name) ?? []));
  }
  return false;
}

function directReferences(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const reference = valueAt(schema, ['$ref']);
  const own = typeof reference === 'string' ? fromPointer(reference.slice(1)).slice(2, 3) : [];
  const parts = partsOf(schema, 'schemas').filter(({ path }) => !lazy.has(path[0] ?? ''));
  return [...own, ...parts.flatMap(({ value }) => directReferences(value))];
}
