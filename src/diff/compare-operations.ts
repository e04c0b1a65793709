import type { OpenApiDocument, OperationObject, PathItem } from '../openapi/document.ts';
import { follow } from '../openapi/look-up.ts';
import { valueAt } from '../util/json.ts';
import type { Told } from './change.ts';
import type { Direction, SchemaComparison } from './compare-schemas.ts';

/** An operation where it stands. */
export interface Operated {
  document: OpenApiDocument;
  /** The keys that lead to its path and to itself, with no reference on the way. */
  path: readonly string[];
  steps: readonly string[];
  item: PathItem;
  operation: OperationObject;
}

type Fields = Readonly<Record<string, unknown>>;

/** An object of a document where it stands; without fields where there is none. */
interface Located {
  document: OpenApiDocument;
  steps: readonly string[];
  fields: Fields;
}

function locate(document: OpenApiDocument, at: readonly string[]): Located {
  const steps = follow(document, at);
  const value = valueAt(document, steps);
  return { document, steps, fields: typeof value === 'object' && value !== null ? { ...value } : {} };
}

function below({ document, steps }: Located, ...keys: string[]): Located {
  return locate(document, [...steps, ...keys]);
}

function compareSchemasOf(
  schemas: SchemaComparison,
  [before, after]: readonly [Located, Located],
  direction: Direction,
  name?: string,
): Told[] {
  const at = ({ steps, fields }: Located): string[] | undefined =>
    fields['schema'] === undefined ? undefined : [...steps, 'schema'];
  const told = schemas.compare(at(before), at(after), direction, name);
  // Places are those of bodies.
  return name === undefined ? told : told.map(({ severity, rule, sentence }) => ({ severity, rule, sentence }));
}

/** What is sent: parameters and body. */
export function compareRequests(schemas: SchemaComparison, before: Operated, after: Operated): Told[] {
  return [...compareParameters(schemas, before, after), ...compareBodies(schemas, before, after)].map((each) => ({
    ...each,
    part: 'request' as const,
  }));
}

function compareParameters(schemas: SchemaComparison, before: Operated, after: Operated): Told[] {
  const [was, is] = [parametersOf(before), parametersOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name): Told[] => {
    const [old, now] = [was.get(name), is.get(name)];
    if (!now) return [told('breaking', 'parameter-removed', `The parameter ${name} is not taken any more.`)];
    const needs = isRequired(now);
    if (!old) {
      if (!needs) return [told('non-breaking', 'parameter-added', `The parameter ${name} is new.`)];
      return [told('breaking', 'required-parameter-added', `The parameter ${name} is new and required.`)];
    }
    const words = needs ? 'was optional, is required' : 'was required, is optional';
    const changes =
      isRequired(old) === needs
        ? []
        : [told(needs ? 'breaking' : 'non-breaking', 'parameter-required', `The parameter ${name} ${words}.`)];
    return [...changes, ...compareSchemasOf(schemas, [old, now], 'request', name)];
  });
}

function isRequired({ fields }: Located): boolean {
  return fields['required'] === true;
}

/** Parameters of the path by their position, since their names are never sent. */
function parametersOf({ document, path, steps }: Operated): Map<string, Located> {
  const all = new Map<string, Located>();
  for (const holder of [path, steps]) {
    const list = locate(document, [...holder, 'parameters']);
    for (const index of Object.keys(list.fields)) {
      const parameter = below(list, index);
      const { name, in: where } = parameter.fields;
      if (where !== 'path') all.set(`${String(name)} (${String(where)})`, parameter);
    }
  }
  return all;
}

function compareBodies(schemas: SchemaComparison, before: Operated, after: Operated): Told[] {
  const body = ({ document, steps }: Operated): Located => locate(document, [...steps, 'requestBody']);
  const [was, is] = [body(before), body(after)];
  const needs = isRequired(is) && !isRequired(was);
  const eased = !isRequired(is) && isRequired(was);
  return [
    ...(needs ? [told('breaking', 'body-required', 'The body was not required, is required.')] : []),
    ...(eased ? [told('non-breaking', 'body-required', 'The body was required, is optional.')] : []),
    ...compareContent(schemas, was, is, 'request'),
  ];
}

function compareContent(schemas: SchemaComparison, before: Located, after: Located, direction: Direction): Told[] {
  const [was, is] = [below(before, 'content'), below(after, 'content')];
  return Object.keys({ ...was.fields, ...is.fields }).flatMap((type): Told[] => {
    if (is.fields[type] === undefined) return [told('breaking', 'content-type-removed', `${type} is gone.`)];
    // Who never asked for another type gets it only where the one that he knows is gone.
    if (was.fields[type] === undefined) return [told('non-breaking', 'content-type-added', `${type} is new.`)];
    return compareSchemasOf(schemas, [below(was, type), below(is, type)], direction);
  });
}

/** What is answered: statuses, their bodies and headers. */
export function compareResponses(schemas: SchemaComparison, before: Operated, after: Operated): Told[] {
  const responses = ({ document, steps }: Operated): Located => locate(document, [...steps, 'responses']);
  const [was, is] = [responses(before), responses(after)];
  return Object.keys({ ...was.fields, ...is.fields }).flatMap((status): Told[] => {
    const of = (each: Told): Told => ({ ...each, part: 'response', status });
    if (is.fields[status] === undefined)
      return [of(told('breaking', 'status-removed', `The status ${status} is gone.`))];
    if (was.fields[status] === undefined)
      return [of(told('non-breaking', 'status-added', `The status ${status} is new.`))];
    const [old, now] = [below(was, status), below(is, status)];
    return [...compareContent(schemas, old, now, 'response'), ...compareHeaders(schemas, old, now)].map(of);
  });
}

function compareHeaders(schemas: SchemaComparison, was: Located, is: Located): Told[] {
  const headersOf = (response: Located): Map<string, Located> => {
    const headers = below(response, 'headers');
    return new Map(Object.keys(headers.fields).map((name) => [name.toLowerCase(), below(headers, name)]));
  };
  const [old, now] = [headersOf(was), headersOf(is)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): Told[] => {
    const [a, b] = [old.get(name), now.get(name)];
    if (!b) return [told('breaking', 'header-removed', `The header ${name} is gone.`)];
    if (!a) return [told('non-breaking', 'header-added', `The header ${name} is new.`)];
    const eased = isRequired(a) && !isRequired(b);
    return [
      ...(eased ? [told('breaking', 'header-required', `The header ${name} was required, is optional.`)] : []),
      ...compareSchemasOf(schemas, [a, b], 'response', name),
    ];
  });
}

function told(severity: Told['severity'], rule: string, sentence: string): Told {
  return { severity, rule, sentence };
}
