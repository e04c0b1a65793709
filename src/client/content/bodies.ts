import { present } from '../request.ts';
import type { Bytes, RequestRow } from '../types.ts';
import { scalarText, toPairs } from './styles.ts';

type Fields = Readonly<Record<string, string>>;

/** A body as its media type wants it, with the header that names it. Bytes stay as they are. */
export function bodyOf(
  { type = 'application/json', fields = {} }: RequestRow,
  body: unknown,
): [string | Bytes, string] {
  if (isBytes(body)) return [body, type.includes('*') ? typeOf(body) : type];
  if (type === '*/*') return [JSON.stringify(body), 'application/json'];
  if (/json\b/.test(type)) return [JSON.stringify(body), type];
  if (body instanceof FormData) return multipart([...body], fields, type);
  if (type.startsWith('multipart/')) return multipart(present(body).flatMap(partsOf), fields, type);
  if (body instanceof URLSearchParams || !type.endsWith('urlencoded')) return [String(body), type];
  return [
    present(body)
      .flatMap(([name, value]) => formPairs(fields[name], name, value))
      .join('&'),
    type,
  ];
}

function isBytes(body: unknown): body is Bytes {
  return body instanceof Blob || body instanceof ArrayBuffer || body instanceof Uint8Array;
}

function typeOf(bytes: Bytes): string {
  return (bytes instanceof Blob && bytes.type) || 'application/octet-stream';
}

/** Objects are JSON, unless the document names a style (OpenAPI 3.1.1, section 4.8.15.1.1). */
function formPairs(style: string | undefined, name: string, value: unknown): string[] {
  if (style !== undefined) return toPairs(style, name, value);
  return partsOf([name, value]).flatMap(([, each]) => toPairs('json', name, scalarText(each)));
}

/** A part for each element of a list. */
function partsOf([name, value]: readonly [string, unknown]): [string, unknown][] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((each) => [name, each]);
}

/** By hand: `FormData` would give each part with a media type a file name. */
function multipart(parts: readonly (readonly [string, unknown])[], fields: Fields, type: string): [Blob, string] {
  const boundary = crypto.randomUUID();
  const chunks = parts.flatMap(([name, value]) => {
    const file = isBytes(value) ? `; filename="${quoted(value instanceof File ? value.name : 'blob')}"` : '';
    const own = isBytes(value) ? typeOf(value) : typeof value === 'object' ? 'application/json' : undefined;
    const known = fields[name] ?? own;
    return [
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${file}\r\n`,
      known === undefined ? '\r\n' : `Content-Type: ${known}\r\n\r\n`,
      isBytes(value) ? value : scalarText(value),
      '\r\n',
    ];
  });
  return [
    new Blob([...chunks, `--${boundary}--\r\n`]),
    `${type.includes('*') ? 'multipart/form-data' : type}; boundary=${boundary}`,
  ];
}

/** As forms of HTML quote names. */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
