import { lookUp } from '../openapi/look-up.ts';
import type { OpenApiDocument, OperationObject, Parameter, PathItem, Reference } from '../openapi/document.ts';
import type { Told } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';

/** An operation where it stands. */
export interface Operated {
  document: OpenApiDocument;
  item: PathItem;
  operation: OperationObject;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => Object(value ?? {});

/** What is sent: parameters and body. */
export function compareRequests(before: Operated, after: Operated): Told[] {
  return [...compareParameters(before, after), ...compareBodies(before, after)].map((told) => ({
    ...told,
    part: 'request' as const,
  }));
}

function compareParameters(before: Operated, after: Operated): Told[] {
  const [was, is] = [parametersOf(before), parametersOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name): Told[] => {
    const [old, now] = [was.get(name), is.get(name)];
    if (!now) return [told('breaking', 'parameter-removed', `The parameter ${name} is not taken any more.`)];
    if (!old) {
      if (!now.required) return [told('non-breaking', 'parameter-added', `The parameter ${name} is new.`)];
      return [told('breaking', 'required-parameter-added', `The parameter ${name} is new and required.`)];
    }
    const required = Boolean(old.required) === Boolean(now.required);
    const words = now.required ? 'was optional, is required' : 'was required, is optional';
    const changes = required
      ? []
      : [told(now.required ? 'breaking' : 'non-breaking', 'parameter-required', `The parameter ${name} ${words}.`)];
    const [a, b] = [fieldsOf(old)['schema'], fieldsOf(now)['schema']];
    const schemas = compareSchemas(
      { document: before.document, schema: a },
      { document: after.document, schema: b },
      'request',
      name,
    );
    return [...changes, ...schemas.map(({ severity, rule, sentence }) => ({ severity, rule, sentence }))];
  });
}

/** Parameters of the path by their position, since their names are never sent. */
function parametersOf({ document, item, operation }: Operated): Map<string, Parameter> {
  const all = new Map<string, Parameter>();
  for (const reference of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const parameter = lookUp(document, reference);
    if (parameter.in !== 'path') all.set(`${parameter.name} (${parameter.in})`, parameter);
  }
  return all;
}

function compareBodies(before: Operated, after: Operated): Told[] {
  const body = ({ document, operation }: Operated): Fields =>
    fieldsOf(operation.requestBody && lookUp(document, operation.requestBody));
  const [was, is] = [body(before), body(after)];
  const needs = is['required'] === true && was['required'] !== true;
  const eased = is['required'] !== true && was['required'] === true;
  return [
    ...(needs ? [told('breaking', 'body-required', 'The body was not required, is required.')] : []),
    ...(eased ? [told('non-breaking', 'body-required', 'The body was required, is optional.')] : []),
    ...compareContent(
      { ...before, content: fieldsOf(was['content']) },
      { ...after, content: fieldsOf(is['content']) },
      'request',
    ),
  ];
}

interface WithContent {
  document: OpenApiDocument;
  content: Fields;
}

function compareContent(before: WithContent, after: WithContent, direction: 'request' | 'response'): Told[] {
  return Object.keys({ ...before.content, ...after.content }).flatMap((type): Told[] => {
    const [was, is] = [before.content[type], after.content[type]];
    if (is === undefined) return [told('breaking', 'content-type-removed', `${type} is gone.`)];
    if (was === undefined) {
      // Who never asked for another type gets it only where the one that he knows is gone.
      return [told('non-breaking', 'content-type-added', `${type} is new.`)];
    }
    return compareSchemas(
      { document: before.document, schema: fieldsOf(was)['schema'] ?? {} },
      { document: after.document, schema: fieldsOf(is)['schema'] ?? {} },
      direction,
    );
  });
}

/** What is answered: statuses, their bodies and headers. */
export function compareResponses(before: Operated, after: Operated): Told[] {
  const [was, is] = [fieldsOf(before.operation.responses), fieldsOf(after.operation.responses)];
  return Object.keys({ ...was, ...is }).flatMap((status): Told[] => {
    const of = (told: Told): Told => ({ ...told, part: 'response', status });
    if (is[status] === undefined) return [of(told('breaking', 'status-removed', `The status ${status} is gone.`))];
    if (was[status] === undefined) return [of(told('non-breaking', 'status-added', `The status ${status} is new.`))];
    const [old, now] = [responseOf(before, was[status]), responseOf(after, is[status])];
    const contents = [
      { document: before.document, content: fieldsOf(old['content']) },
      { document: after.document, content: fieldsOf(now['content']) },
    ] as const;
    return [...compareContent(...contents, 'response'), ...compareHeaders(before, after, old, now)].map(of);
  });
}

function responseOf({ document }: Operated, response: unknown): Fields {
  return fieldsOf(lookUp<object>(document, refer(response)));
}

function refer(value: unknown): object | Reference {
  return fieldsOf(value);
}

function compareHeaders(before: Operated, after: Operated, was: Fields, is: Fields): Told[] {
  const headersOf = ({ document }: Operated, response: Fields): Map<string, Fields> =>
    new Map(
      Object.entries(fieldsOf(response['headers'])).map(([name, header]) => [
        name.toLowerCase(),
        fieldsOf(lookUp<object>(document, refer(header))),
      ]),
    );
  const [old, now] = [headersOf(before, was), headersOf(after, is)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): Told[] => {
    const [a, b] = [old.get(name), now.get(name)];
    if (!b) return [told('breaking', 'header-removed', `The header ${name} is gone.`)];
    if (!a) return [told('non-breaking', 'header-added', `The header ${name} is new.`)];
    const eased = a['required'] === true && b['required'] !== true;
    const schemas = compareSchemas(
      { document: before.document, schema: a['schema'] ?? {} },
      { document: after.document, schema: b['schema'] ?? {} },
      'response',
      name,
    );
    const optional = eased
      ? [told('breaking', 'header-required', `The header ${name} was required, is optional.`)]
      : [];
    return [...optional, ...schemas.map(({ severity, rule, sentence }) => ({ severity, rule, sentence }))];
  });
}

function told(severity: Told['severity'], rule: string, sentence: string): Told {
  return { severity, rule, sentence };
}
