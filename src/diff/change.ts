/** One difference between two specifications, and what it means for those who call the API. */
export interface Change {
  /**
   * `breaking`: a client that is right by the old specification can be wrong by the new one. `undecided`: whether that
   * is so cannot be decided.
   */
  severity: 'breaking' | 'undecided' | 'non-breaking';
  /** The same word for the same kind of change everywhere: `property-removed`, `token-url`, … */
  rule: string;
  /** `GET /path` in the old specification, or in the new one for an added operation; absent if it concerns all of them. */
  operation?: string;
  operationId?: string;
  part: 'request' | 'response' | 'access' | 'operation';
  status?: string;
  /** The parameter of a request, or the header of an answer. */
  parameter?: string;
  /** The media type of the body. */
  contentType?: string;
  /** Where in the body: `$[*].name`. */
  place?: string;
  /** Where in the new document, or what is nearest to it there: a JSON pointer. */
  pointer?: string;
  sentence: string;
}

/** A change before it is known which operation it belongs to, with the new schema where one stands behind it. */
export type FoundChange = Pick<Change, 'severity' | 'rule' | 'sentence'> &
  Partial<Change> & { schema?: readonly string[]; steps?: readonly string[] };

export function change(severity: Change['severity'], rule: string, sentence: string): FoundChange {
  return { severity, rule, sentence };
}

interface Comparison<T> {
  /** Rules are `${rule}-removed` and `${rule}-added`. */
  rule: string;
  subject: (name: string) => string;
  compare?: (name: string, before: T, after: T) => FoundChange[];
  isRequired?: (added: T) => boolean;
  details?: (name: string) => Partial<FoundChange>;
}

/** Compares things that have names, such as parameters or statuses. */
export function compareNamed<T>(
  [was, is]: readonly [ReadonlyMap<string, T>, ReadonlyMap<string, T>],
  { rule, subject, compare, isRequired, details }: Comparison<T>,
): FoundChange[] {
  const changesOf = (name: string): FoundChange[] => {
    const [before, after] = [was.get(name), is.get(name)];
    if (after === undefined) return [change('breaking', `${rule}-removed`, `${subject(name)} was removed.`)];
    if (before !== undefined) return compare?.(name, before, after) ?? [];
    if (isRequired?.(after))
      return [change('breaking', `required-${rule}-added`, `${subject(name)} is new and required.`)];
    return [change('non-breaking', `${rule}-added`, `${subject(name)} is new.`)];
  };
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names.flatMap((name) => changesOf(name).map((each) => ({ ...details?.(name), ...each })));
}
