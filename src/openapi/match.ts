import { segmentPattern } from './path-template.ts';

/** What the router has to know of an operation. */
export interface Routed {
  method: string;
  path: string;
  serverPath: string;
}

/** What a request's path leads to. */
export interface PathMatch<Operation extends Routed> {
  /** The operations of this path by their method in capitals; a method that is missing here is not allowed. */
  operations: Map<string, Operation>;
  /** Values of the path's parameters in their order, percent-decoded. */
  values: string[];
}

interface Node<Operation> {
  literals: Map<string, Node<Operation>>;
  patterns: { source: string; pattern: RegExp; node: Node<Operation> }[];
  leaf: { template: string; operations: Map<string, Operation> }[];
}

/**
 * Finds operations by path: a tree of segments, so that the time does not grow with the number of operations. A literal
 * segment goes before one with a parameter, as OpenAPI demands.
 */
export class Router<Operation extends Routed> {
  readonly #root: Node<Operation> = emptyNode();
  /** Paths without a parameter, which need no search where nothing in them is encoded. */
  readonly #fixed = new Map<string, PathMatch<Operation>>();
  #deepest = 0;

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) this.#add(operation);
    for (const { serverPath, path } of operations) {
      const whole = serverPath + path;
      const match = /[{%]/.test(whole) ? undefined : this.#search(whole);
      if (match) this.#fixed.set(whole, match);
    }
  }

  /** How many segments the longest path of an operation has. */
  get deepest(): number {
    return this.#deepest;
  }

  /** @param path the path of the request, still percent-encoded. */
  match(path: string): PathMatch<Operation> | undefined {
    return this.#fixed.get(path) ?? this.#search(path);
  }

  #search(path: string): PathMatch<Operation> | undefined {
    const segments = decodeSegments(path, this.#deepest);
    return segments && find(this.#root, segments, 0, []);
  }

  #add(operation: Operation): void {
    const template = operation.serverPath + operation.path;
    const segments = template.split('/').slice(1);
    this.#deepest = Math.max(this.#deepest, segments.length);
    let node = this.#root;
    for (const segment of segments) node = descend(node, segment);
    let leaf = node.leaf.find((other) => other.template === template);
    if (!leaf) node.leaf.push((leaf = { template, operations: new Map() }));
    leaf.operations.set(operation.method.toUpperCase(), operation);
  }
}

function descend<Operation>(node: Node<Operation>, segment: string): Node<Operation> {
  if (!segment.includes('{')) {
    const next: Node<Operation> = node.literals.get(segment) ?? emptyNode();
    node.literals.set(segment, next);
    return next;
  }
  const { source } = segmentPattern(segment);
  const known = node.patterns.find((other) => other.source === source);
  if (known) return known.node;
  const added = { source, pattern: segmentPattern(segment), node: emptyNode<Operation>() };
  node.patterns.push(added);
  // `report.{format}` says more than `{id}`, so it is tried first.
  node.patterns.sort((a, b) => b.source.length - a.source.length);
  return added.node;
}

function find<Operation extends Routed>(
  node: Node<Operation>,
  segments: string[],
  depth: number,
  values: string[],
): PathMatch<Operation> | undefined {
  const segment = segments[depth];
  if (segment === undefined) return toMatch(node, values);
  const literal = node.literals.get(segment);
  const found = literal && find(literal, segments, depth + 1, values);
  if (found) return found;
  for (const { pattern, node: next } of node.patterns) {
    const captured = pattern.exec(segment);
    const match = captured && find(next, segments, depth + 1, [...values, ...captured.slice(1)]);
    if (match) return match;
  }
  return undefined;
}

function toMatch<Operation extends Routed>(
  { leaf: [leaf, ...others] }: Node<Operation>,
  values: string[],
): PathMatch<Operation> | undefined {
  if (!leaf) return undefined;
  // Templates that differ only in the names of their parameters are one path with the methods of all.
  return { operations: new Map([leaf, ...others].flatMap((each) => [...each.operations])), values };
}

/** Undefined for a path that has more segments than any operation, of which a caller may send thousands. */
function decodeSegments(path: string, deepest: number): string[] | undefined {
  const segments = path.split('/', deepest + 2).slice(1);
  if (segments.length > deepest) return undefined;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function emptyNode<Operation>(): Node<Operation> {
  return { literals: new Map(), patterns: [], leaf: [] };
}
