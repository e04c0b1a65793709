import type { OpenApiDocument } from '../../openapi/document.ts';
import { SchemaChecker } from '../../openapi/schema-checker.ts';
import { canonical, SchemaReader } from '../../openapi/schema.ts';
import { entriesOf, fromPointer, valueAt } from '../../util/json.ts';

/** What both documents say of schemas, read once for all ways of comparing them. */
export interface Documents {
  before: SchemaReader;
  after: SchemaReader;
  unchanged: Unchanged;
  checkers: Readonly<Record<'before' | 'after', SchemaChecker>>;
}

export function documentsOf(before: OpenApiDocument, after: OpenApiDocument): Documents {
  const unchanged = new Unchanged(before, after);
  const checkers = { before: new SchemaChecker(before), after: new SchemaChecker(after) };
  return { before: new SchemaReader(before), after: new SchemaReader(after), unchanged, checkers };
}

/** Knows which parts of two documents say the same, with all that they refer to, so that nothing else is compared. */
export class Unchanged {
  readonly #before: OpenApiDocument;
  readonly #after: OpenApiDocument;
  /** Components that differ, or lead to one that does. */
  readonly #changed = new Set<string>();
  readonly #isComparable: boolean;
  readonly #known = new Map<string, boolean>();

  constructor(before: OpenApiDocument, after: OpenApiDocument) {
    this.#before = before;
    this.#after = after;
    // The same words mean something else in another version.
    this.#isComparable = before.openapi.slice(0, 3) === after.openapi.slice(0, 3);
    if (this.#isComparable) this.#findChanged();
  }

  /** Whether what stands at the steps is the same in both documents. */
  at(before: readonly string[], after: readonly string[]): boolean {
    const key = before.join('\0');
    if (!this.#isComparable || key !== after.join('\0')) return false;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const isKept = this.isSame(valueAt(this.#before, before), valueAt(this.#after, after));
    this.#known.set(key, isKept);
    return isKept;
  }

  /** Whether two parts are written alike, and lead to the same. */
  isSame(before: unknown, after: unknown): boolean {
    const text = canonical(before) ?? '';
    if (text !== (canonical(after) ?? '')) return false;
    const references = referencesIn(text);
    if (!this.#isComparable) return references.length === 0;
    return references.every((each) => /^components\0[^\0]+\0[^\0]+$/.test(each) && !this.#changed.has(each));
  }

  #findChanged(): void {
    const [was, is] = [componentsOf(this.#before), componentsOf(this.#after)];
    const referring = new Map<string, string[]>();
    const ahead: string[] = [];
    for (const name of new Set([...was.keys(), ...is.keys()])) {
      const text = was.get(name);
      if (text === undefined || text !== is.get(name)) ahead.push(name);
      else
        for (const each of referencesIn(text)) {
          const known = referring.get(each);
          if (known) known.push(name);
          else referring.set(each, [name]);
        }
    }
    for (const each of referring.keys()) if (!was.has(each)) ahead.push(each);
    for (const name of ahead) {
      if (this.#changed.has(name)) continue;
      this.#changed.add(name);
      ahead.push(...(referring.get(name) ?? []));
    }
  }
}

function componentsOf({ components }: OpenApiDocument): Map<string, string> {
  return new Map(
    entriesOf(components).flatMap(([kind, all]) =>
      entriesOf(all).map(([name, value]) => [['components', kind, name].join('\0'), canonical(value)] as const),
    ),
  );
}

/** What a text refers to, as components; other places are named as they are. */
function referencesIn(text: string): string[] {
  const found = [...text.matchAll(/"(#\/[^"]*)"/g)].map(([, pointer = '']) => {
    const steps = fromPointer(pointer.slice(1));
    return (steps[0] === 'components' ? steps.slice(0, 3) : steps).join('\0');
  });
  // A discriminator may name the schemas it leads to.
  return /"(?:mapping|\$dynamicRef|\$id)":/.test(text) ? [...found, ...namesIn(text)] : found;
}

function namesIn(text: string): string[] {
  const mappings = [...text.matchAll(/"mapping":(\{[^{}]*\})/g)].flatMap(([, mapping = '{}']) =>
    entriesOf(JSON.parse(mapping)).map(([, target]) => String(target)),
  );
  const names = mappings.filter((target) => !target.includes('/')).map((name) => ['components', 'schemas', name]);
  return names.map((steps) => steps.join('\0'));
}
