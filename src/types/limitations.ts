import { methods, type OpenApiDocument } from '../openapi/document.ts';
import { valueAt } from '../util/json.ts';

/**
 * The notes of a specification's `x-provenance`, on what no vendor document states: a Markdown list in document order.
 */
export function listLimitations(document: OpenApiDocument): string {
  const found = [...findNotes(document, [])];
  return found.map(({ path, note }) => `- ${label(path)}: ${note}`).join('\n');
}

function* findNotes(value: unknown, path: string[]): Generator<{ path: string[]; note: string }> {
  if (typeof value !== 'object' || value === null) return;
  const note = valueAt(value, ['x-provenance', 'note']);
  if (typeof note === 'string') yield { path, note: note.trim() };
  for (const [key, child] of Object.entries(value)) yield* findNotes(child, [...path, key]);
}

/** `paths /a get responses 200` becomes "`GET /a`, 200"; `components schemas A properties b` becomes "`A.b`". */
function label(path: string[]): string {
  const [root, name = '', ...rest] = path;
  if (root === 'paths') {
    const method = methods.find((each) => rest.includes(each)) ?? '';
    const status = rest[rest.indexOf('responses') + 1];
    return `\`${method.toUpperCase()} ${name}\`${rest.includes('responses') ? `, ${status}` : ''}`;
  }
  const kept = `\`${rest.filter((step) => step !== 'properties').join('.')}\``;
  return name === 'schemas' ? kept : `${kept} (${name.replace(/s$/, '')})`;
}
