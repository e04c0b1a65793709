import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { messageOf } from './errors.ts';

/** A YAML or JSON text that remembers where its parts stand. */
export interface YamlFile {
  /** The parsed value; nothing of it has been checked. */
  value: unknown;
  /** `file:line` of the value at a path of keys, or of its key; of the nearest one above it where there is none. */
  locate(path: readonly (string | number)[]): string;
}

export class YamlSyntaxError extends Error {
  override readonly name = 'YamlSyntaxError';
  /** `file:line:column` of the mistake. */
  readonly where: string;

  constructor(where: string, message: string) {
    super(message);
    this.where = where;
  }
}

/**
 * Parses YAML 1.2, and so JSON. Merge keys (`<<`), which are of YAML 1.1, are merged as most other readers do.
 * @throws YamlSyntaxError with the place of the first mistake.
 */
export function parseYamlFile(file: string, text: string): YamlFile {
  const json = text.length > longText ? parseLongJson(text) : undefined;
  if (json === undefined) return parseYaml(file, text);
  let yaml: YamlFile | undefined;
  return { value: json, locate: (path) => (yaml ??= parseYaml(file, text)).locate(path) };
}

/** Of longer texts that are JSON, lines are found only when one is asked for: it takes seconds. */
const longText = 500_000;

function parseLongJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [mistake] = document.errors;
  if (mistake) {
    const { line, col } = lines.linePos(mistake.pos[0]);
    throw new YamlSyntaxError(`${file}:${line}:${col}`, mistake.message);
  }
  return {
    value: valueOf(document, file),
    locate: (path) => `${file}:${lineAt(document, lines, path)}`,
  };
}

/** More aliases may be an attack: a small text that expands to gigabytes. */
function valueOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    throw new YamlSyntaxError(`${file}:1:1`, messageOf(error));
  }
}

function lineAt(document: Document.Parsed, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const holder: unknown = document.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    const pair = isMap(holder) ? holder.items.find(({ key }) => String(key) === String(name)) : undefined;
    const range = rangeOf(pair?.key ?? document.getIn(path.slice(0, length), true));
    if (range) return lines.linePos(range[0]).line;
  }
  return 1;
}

function rangeOf(node: unknown): readonly [number, ...unknown[]] | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' ? [range[0]] : undefined;
}
