/** `application/json` of `application/json; charset=utf-8`, in small letters. */
export function essence(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** Whether a media type is JSON, by itself or by its suffix: `application/problem+json`. */
export function isJson(contentType: string): boolean {
  return /^(?:(?:application|text)\/json|[^/]+\/[^/]+\+json)$/.test(essence(contentType));
}

export function isForm(contentType: string): boolean {
  return essence(contentType) === 'application/x-www-form-urlencoded';
}

/** Whether a media type is within a range such as `application/*`. */
export function isWithin(type: string, range: string): boolean {
  const [wanted, found] = [essence(range), essence(type)];
  if (wanted === found || wanted === '*/*' || wanted === '*') return true;
  return wanted.endsWith('/*') && found.startsWith(wanted.slice(0, -1));
}

/** The described media type that is nearest to one: itself, then a range. */
export function findMediaType(described: Iterable<string>, type: string): string | undefined {
  const fitting = [...described].filter((range) => isWithin(type, range));
  return fitting.toSorted((a, b) => Number(a.includes('*')) - Number(b.includes('*')))[0];
}

/** The media types that a request accepts: those of its header `Accept` that are not refused by `q=0`. */
export function acceptedTypes(accept: string | undefined): string[] {
  if (accept === undefined || accept.trim() === '') return ['*/*'];
  return accept
    .split(',')
    .filter((each) => !/;\s*q=0(?:\.0*)?\s*$/.test(each))
    .map(essence);
}
