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

/** The parameters of a media type by name in small letters, without `q`, which belongs to a header `Accept`. */
export function parametersOf(type: string): Map<string, string> {
  const pairs = type
    .split(';')
    .slice(1)
    .map((part) => part.split(/=(.*)/s));
  return new Map(
    pairs.flatMap(([name = '', value = '']): [string, string][] => {
      const key = name.trim().toLowerCase();
      return key === '' || key === 'q' ? [] : [[key, value.trim().replace(/^"(.*)"$/, '$1')]];
    }),
  );
}

/** How many parameters two media types share, and how many values of these differ, whose case does not count. */
function compareParameters(type: string, other: string): { alike: number; unlike: number } {
  const values = parametersOf(other);
  const shared = [...parametersOf(type)].filter(([name]) => values.has(name));
  // Texts of another charset are of the same kind.
  const unlike = shared.filter(([name, value]) => values.get(name)?.toLowerCase() !== value.toLowerCase());
  return { alike: shared.length - unlike.length, unlike: unlike.filter(([name]) => name !== 'charset').length };
}

/** Whether a media type is within a range such as `application/*`; a parameter of both has one value. */
export function isWithin(type: string, range: string): boolean {
  const [wanted, found] = [essence(range), essence(type)];
  const isAny = wanted === '*/*' || wanted === '*';
  if (wanted !== found && !isAny && !(wanted.endsWith('/*') && found.startsWith(wanted.slice(0, -1)))) return false;
  return compareParameters(type, range).unlike === 0;
}

/** The described media type that is nearest to one: itself, with as many of its parameters as can be, then a range. */
export function findMediaType(described: Iterable<string>, type: string): string | undefined {
  const rank = (range: string): [number, number] => {
    const { alike } = compareParameters(type, range);
    return [essence(range).split('*').length, parametersOf(range).size - 2 * alike];
  };
  const fitting = [...described].filter((range) => isWithin(type, range));
  const [found] = fitting
    .map((range) => ({ range, rank: rank(range) }))
    .toSorted((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
  return found?.range;
}

/** The media types that a request accepts, with their parameters: those of its header `Accept` that are not refused by `q=0`. */
export function acceptedTypes(accept: string | undefined): string[] {
  if (accept === undefined || accept.trim() === '') return ['*/*'];
  return accept
    .split(',')
    .filter((each) => !/;\s*q=0(?:\.0*)?\s*$/.test(each))
    .map((each) => [essence(each), ...[...parametersOf(each)].map((pair) => pair.join('='))].join(';'));
}
