/** The structure of a value, which says nothing of what it says. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'undefined' ? 'nothing' : typeof value;
}

/** A kind within a sentence: `an array`. */
export function article(kind: string): string {
  if (kind === 'null' || kind === 'nothing') return kind;
  return `${/^[aio]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

const registered = /^(application|audio|font|image|message|model|multipart|text|video)\/[a-z0-9.+-]{1,60}$/i;

/** A media type within a sentence. What is none may be anything, and is not repeated. */
export function mediaTypeOf(contentType: string): string {
  const [type = ''] = contentType.split(';');
  if (type.trim() === '') return 'no content type';
  return registered.test(type.trim()) ? type.trim() : 'another content type';
}
