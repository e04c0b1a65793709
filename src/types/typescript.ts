import type { GlobalContext, OpenAPI3 } from 'openapi-typescript';
import type TypeScript from 'typescript';
import type { OpenApiDocument } from '../openapi/document.ts';
import { partsOf } from '../openapi/structure.ts';
import { messageOf, Problem } from '../util/errors.ts';
import { entriesOf, fieldsOf, fromPointer, toPointer, valueAt } from '../util/json.ts';
import { loadGenerator, type Generator } from './generator.ts';
import { prepare } from './prepare.ts';

/**
 * The types of a specification's paths, operations and components, by openapi-typescript.
 * @param document a document whose references all lead to whole components.
 * @param name the specification, as people are told of it.
 * @throws Problem if the generator is not installed, or no type can say what the specification says.
 */
export async function writeTypes(document: OpenApiDocument, name: string): Promise<string> {
  const generator = await loadGenerator();
  const { json, marks } = prepare(document);
  const [upToComponents, rest] = await print(generator, json, name);
  const roots = rootTypes(document);
  const open = findOpenRecursion(document);
  const recursive = roots.filter(({ kind, component }) => kind === 'schemas' && open.has(component));
  const { text, bodies } = nameRecursive(generator.ts, upToComponents, recursive);
  const aliases = roots.map((type) => `export type ${type.name} = ${bodies.get(type) ?? typeOf(type)};\n`);
  const whole = marks.restore(text + aliases.join('') + rest);
  checkTypes(generator.ts, whole, name);
  return whole;
}

/**
 * Has openapi-typescript write the types of a prepared document, as JSON.
 *
 * Its own entry hands each document to Redocly first, which reads references from files and from the web, does not end
 * with a thousand schemas that refer to each other, and stumbles over names such as `__proto__`. References lead
 * nowhere else by now and OpenAPI's own schema has accepted the document, so that its transformation alone is enough.
 * @returns the text of `paths`, `webhooks` and `components`, and that of what follows.
 * @throws Problem if it meets something that it has no type for.
 */
async function print({ openapi }: Generator, json: string, name: string): Promise<[string, string]> {
  try {
    const document: unknown = JSON.parse(json);
    assertPrepared(document);
    const nodes = openapi.transformSchema(document, {
      ...(await defaults(openapi)),
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

/** All settings as they are where none is given, which openapi-typescript tells to a hook alone. */
async function defaults(openapi: Generator['openapi']): Promise<GlobalContext> {
  let told: GlobalContext | undefined;
  const least = {
    openapi: '3.1.0',
    info: { title: '', version: '' },
    components: { schemas: { A: { type: 'null' } } },
  };
  await openapi.default(JSON.stringify(least), {
    silent: true,
    transform: (_, { ctx }) => {
      told = { ...ctx, transform: undefined };
      return undefined;
    },
  });
  if (!told) throw new Error('This version of openapi-typescript is another than the one that is known.');
  return told;
}

/** What `prepare()` made is what openapi-typescript takes for a document. */
function assertPrepared(_document: unknown): asserts _document is OpenAPI3 {}

/** What generated types use of TypeScript's own library: to read all of that would take longer than all the rest. */
const library = `
interface Array<T> { length: number; [index: number]: T }
interface Boolean {} interface Function {} interface CallableFunction {} interface NewableFunction {}
interface IArguments {} interface Number {} interface Object {} interface RegExp {} interface String {}
type Exclude<T, U> = T extends U ? never : T;
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type Record<K extends keyof any, T> = { [P in K]: T };
`;

/**
 * Asks TypeScript whether it accepts generated types, strictly.
 * @throws Problem naming the part of the specification whose type it refuses.
 */
function checkTypes(ts: typeof TypeScript, text: string, name: string): void {
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
  const [first] = [
    ...program.getSyntacticDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
  if (!first) return;
  throw new Problem({
    code: 'types_impossible',
    what: 'TypeScript would not accept the types of this specification, so nothing is written.',
    where: name,
    facts: {
      at: first.file && toPointer(stepsTo(ts, first.file, first.start ?? 0)),
      reason: ts.flattenDiagnosticMessageText(first.messageText, ' '),
    },
    remedy: 'Change this part of the specification, or leave it out in a copy.',
  });
}

/** The names of the properties around a place in the generated text, from the outermost. */
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

/** Kind of component to how the name of its types begins where the name alone would not do. */
const prefixes = {
  schemas: 'Schema',
  responses: 'Response',
  parameters: 'Parameter',
  requestBodies: 'RequestBody',
  headers: 'Header',
  pathItems: 'PathItem',
};

/** Names that the generated file uses for something else. */
const taken = ['Record', 'Omit', 'WithRequired'];

interface RootType {
  /** The exported name: `Sailing`. */
  name: string;
  kind: string;
  /** The component as the document names it. */
  component: string;
}

/**
 * A type for each component, by a name of its own: the component's name in PascalCase, for all but schemas with the kind
 * before it. Schemas too have it there if the name is no identifier or is taken; what is still the same gets a number.
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

/** `api-key`, `apiKey` and `APIKey` become `ApiKey`. Names of components have no other characters than these. */
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

/** The path of a component in the generated types: `components['schemas']['Sailing']`. */
function typeOf({ kind, component }: RootType): string {
  return `components['${kind}']['${component}']`;
}

/**
 * Turns around who names whom, in generated text: the component's property refers to the exported type, which gets what
 * the property had. Only so may a type contain itself without an object between.
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

/** A string within a type has its quotes escaped, so that this text is nothing but the reference. */
function refer(body: string, recursive: readonly RootType[]): string {
  return recursive.reduce(
    (changed, { name, component }) => changed.replaceAll(`components["schemas"]["${component}"]`, name),
    body,
  );
}

/** Behind these, TypeScript looks at a type only when it must. */
const lazy = new Set(['properties', 'additionalProperties', 'patternProperties']);

/**
 * The schemas that contain themselves with no object between, such as a list of itself. TypeScript refuses them as a
 * property's type and accepts them as a type of their own name.
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
