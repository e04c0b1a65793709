import { nearest } from '../util/did-you-mean.ts';
import { decodePercent } from '../util/http.ts';
import { literalsOf, matchSegment, parameterNames } from './path-template.ts';

export interface Routed {
  method: string;
  path: string;
  serverPath: string;
  serverPaths?: readonly string[];
}

/** An operation, and the percent-decoded values of the parameters in the requested path. */
export interface Matched<Operation> {
  operation: Operation;
  parameters: Record<string, string>;
}

/** The operations that a path leads to, by their method in capitals; a method that is missing here is not allowed. */
export type PathMatch<Operation> = ReadonlyMap<string, Matched<Operation>>;

interface Node<Operation> {
  literals: Map<string, Node<Operation>>;
  templates: { key: string; literals: string[]; node: Node<Operation> }[];
  leaves: Leaf<Operation>[];
}

interface Leaf<Operation> {
  operation: Operation;
  method: string;
  /** The names of the parameters in the path, that of the server included. */
  names: string[];
  /** What stands after `?` or `#` in a path of the document, against OpenAPI: names, and values or templates of them. */
  conditions: [name: string, value: string][];
}

/** Whether a request gives a value, or any, by a name: in its query, or in a header for what documents write after `#`. */
type Gives = (name: string, value: string | undefined) => boolean;

/**
 * Finds operations by path: a tree of segments, so that the time does not grow with the number of operations. A literal
 * segment goes before one with a parameter (OpenAPI 3.1, section 4.8.8.2). Where the path that goes first lacks a method, the
 * next one that fits may have it.
 */
export class Router<Operation extends Routed> {
  readonly #root: Node<Operation> = emptyNode();
  /** Paths without a parameter, which need no search where nothing in them is encoded. */
  readonly #fixed = new Map<string, PathMatch<Operation>>();
  #deepest = 0;

  /** @param prefixesOf the paths below which an operation is found; those of its servers unless given. */
  constructor(
    operations: readonly Operation[],
    prefixesOf: (operation: Operation) => readonly string[] = serverPathsOf,
  ) {
    const placed = operations.flatMap((operation) =>
      prefixesOf(operation).map((prefix) => ({ operation, prefix, whole: prefix + operation.path })),
    );
    for (const { operation, prefix } of placed) this.#add(operation, prefix);
    // With conditions, a path alone does not tell the operation.
    if (operations.some(({ path }) => /[?#]/.test(path))) return;
    for (const { whole } of placed) {
      const match = /[{%]/.test(whole) ? undefined : this.#search(whole, decodeURIComponent);
      if (match) this.#fixed.set(whole, match);
    }
  }

  get deepest(): number {
    return this.#deepest;
  }

  /**
   * @param path the path of the request, still percent-encoded.
   * @param decode reads one segment; where it throws, as `decodeURIComponent` does, the path leads nowhere.
   * @param gives tells which operation is meant where paths of the document differ in their queries alone.
   */
  match(
    path: string,
    decode: (segment: string) => string = decodeURIComponent,
    gives?: Gives,
  ): PathMatch<Operation> | undefined {
    return this.#fixed.get(path) ?? this.#search(path, decode, gives);
  }

  #add(operation: Operation, prefix: string): void {
    const [path = '', query = ''] = operation.path.split(/[?#](.*)/s);
    // A variable of the server's URL that is not defined; URLs encode its braces.
    const whole = prefix.replaceAll(/%7B([^/]*?)%7D/gi, '{$1}') + path;
    const segments = whole.split('/').slice(1);
    this.#deepest = Math.max(this.#deepest, segments.length);
    let node = this.#root;
    for (const segment of segments) node = descend(node, segment);
    const leaf = { operation, method: operation.method.toUpperCase(), names: parameterNames(whole) };
    node.leaves.push({ ...leaf, conditions: [...new URLSearchParams(query.replaceAll(/[?#]/g, '&'))] });
    node.leaves.sort((a, b) => b.conditions.length - a.conditions.length);
  }

  #search(path: string, decode: (segment: string) => string, gives?: Gives): PathMatch<Operation> | undefined {
    // A caller may send thousands of segments; more than any operation has are not looked at.
    const encoded = path.split('/', this.#deepest + 2).slice(1);
    if (encoded.length > this.#deepest) return undefined;
    const found = new Map<string, Matched<Operation>>();
    try {
      const segments = encoded.map((segment) => decode(segment));
      collect(this.#root, segments, [], found, gives);
    } catch {
      return undefined;
    }
    return found.size > 0 ? found : undefined;
  }
}

function descend<Operation>(node: Node<Operation>, segment: string): Node<Operation> {
  const literals = literalsOf(segment).map(decodePercent);
  const [text = '', ...others] = literals;
  if (others.length === 0) {
    const next = node.literals.get(text) ?? emptyNode<Operation>();
    node.literals.set(text, next);
    return next;
  }
  const key = literals.join('{}');
  const known = node.templates.find((other) => other.key === key);
  if (known) return known.node;
  const added = { key, literals, node: emptyNode<Operation>() };
  node.templates.push(added);
  // `report.{format}` says more than `{id}`, so it is tried first.
  node.templates.sort((a, b) => b.literals.join('').length - a.literals.join('').length);
  return added.node;
}

/** Each node of the tree is visited once at most. What is found first stays. */
function collect<Operation extends Routed>(
  node: Node<Operation>,
  segments: readonly string[],
  values: readonly string[],
  found: Map<string, Matched<Operation>>,
  gives: Gives = () => false,
  depth = 0,
): void {
  const segment = segments[depth];
  if (segment === undefined) {
    for (const { operation, method, names, conditions } of node.leaves) {
      const isMeant = conditions.every(([name, value]) => gives(name, /^$|\{/.test(value) ? undefined : value));
      if (found.has(method) || !isMeant) continue;
      const parameters = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
      found.set(method, { operation, parameters });
    }
    return;
  }
  const literal = node.literals.get(segment);
  if (literal) collect(literal, segments, values, found, gives, depth + 1);
  for (const { literals, node: next } of node.templates) {
    const own = matchSegment(literals, segment);
    if (own) collect(next, segments, [...values, ...own], found, gives, depth + 1);
  }
}

function emptyNode<Operation>(): Node<Operation> {
  return { literals: new Map(), templates: [], leaves: [] };
}

/** What a search found; without an operation, the methods that the path has, or the path that comes nearest. */
export type Search<Operation> =
  | ({ kind: 'operation' } & Matched<Operation>)
  | { kind: 'no method'; path: string; methods: string[] }
  | { kind: 'no path'; near: string | undefined };

/**
 * Finds the operation that a request of a contract is for. Its path is looked for below the path of each server, and if there is
 * nothing, by itself: a contract may be made for a provider whose address ends with that path.
 */
export class OperationFinder<Operation extends Routed> {
  readonly #operations: readonly Operation[];
  readonly #routers: readonly Router<Operation>[];
  readonly #bare: Router<Routed>;

  /** @param bare paths that have no operation. */
  constructor(operations: readonly Operation[], bare: readonly Routed[] = []) {
    this.#operations = operations;
    this.#routers = [new Router(operations), new Router(operations, () => [''])];
    this.#bare = new Router(bare);
  }

  find(method: string, path: string, query?: ReadonlyMap<string, readonly (string | null)[]>): Search<Operation> {
    const matches = this.#matches(path, (name, value) =>
      value === undefined ? query?.has(name) === true : query?.get(name)?.includes(value) === true,
    );
    for (const match of matches) {
      const found = match.get(method.toUpperCase());
      if (found) return { kind: 'operation', ...found };
    }
    const [first] = matches[0]?.values() ?? [];
    if (first) return { kind: 'no method', path: first.operation.path, methods: this.methodsAt(path) };
    const [bare] = this.#bare.match(path, decodePercent)?.values() ?? [];
    if (bare) return { kind: 'no method', path: bare.operation.path, methods: [] };
    const known = this.#operations.flatMap((each) => serverPathsOf(each).map((prefix) => prefix + each.path));
    return { kind: 'no path', near: nearest(path, [...new Set(known)]) };
  }

  /** The operation for a path that leaves out the path of the server; undefined for a whole path, and for an unknown one. */
  findBelow(method: string, path: string): Operation | undefined {
    const [whole, bare] = this.#routers.map((router) => router.match(path, decodePercent, () => true));
    const own = bare?.get(method.toUpperCase());
    if (!bare || whole?.has(method.toUpperCase()) || (whole && !own)) return undefined;
    return (own ?? [...bare.values()][0])?.operation;
  }

  methodsAt(path: string): string[] {
    return [...(this.#matches(path)[0]?.keys() ?? [])];
  }

  #matches(path: string, gives?: Gives): PathMatch<Operation>[] {
    return this.#routers.flatMap((router) => router.match(path, decodePercent, gives) ?? []);
  }
}

function serverPathsOf({ serverPath, serverPaths = [] }: Routed): readonly string[] {
  return serverPaths.length > 0 ? serverPaths : [serverPath];
}
