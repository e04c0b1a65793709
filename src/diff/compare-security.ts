import type { OpenApiDocument, OperationObject } from '../openapi/document.ts';
import type { Told } from './change.ts';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => Object(value ?? {});

/** How a caller of an operation shows who he is: the alternatives, each scheme with its scopes. */
export function compareSecurity(before: Of, after: Of): Told[] {
  const [was, is] = [alternativesOf(before), alternativesOf(after)];
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  // Whoever was let in by one alternative must be let in by one of the new ones, which asks for no more.
  const shut = was.filter((old) => !is.some((each) => isWithin(each, old)));
  const say = (all: readonly Fields[]): string => all.map((each) => JSON.stringify(each)).join(' or ');
  const severity = shut.length > 0 ? 'breaking' : 'non-breaking';
  return [{ severity, rule: 'security', part: 'access', sentence: `Security was ${say(was)}, is ${say(is)}.` }];
}

interface Of {
  document: OpenApiDocument;
  operation: OperationObject;
}

function alternativesOf({ document, operation }: Of): Fields[] {
  const alternatives = operation.security ?? document.security ?? [];
  // Their order means nothing (OpenAPI 3.1, section 4.8.30).
  return alternatives.length === 0
    ? [{}]
    : alternatives.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Whether an alternative asks for nothing that another does not ask for. */
function isWithin(asked: Fields, by: Fields): boolean {
  return Object.entries(asked).every(([scheme, scopes]) => {
    const known = by[scheme];
    return Array.isArray(known) && Array.isArray(scopes) && scopes.every((scope) => known.includes(scope));
  });
}

/** The security schemes: kinds, flows, token URLs, scopes. */
export function compareSchemes(before: OpenApiDocument, after: OpenApiDocument): Told[] {
  const [was, is] = [schemesOf(before), schemesOf(after)];
  return Object.keys({ ...was, ...is }).flatMap((name) => {
    const [old, now] = [was[name], is[name]];
    if (old === undefined) return [told('non-breaking', 'scheme-added', `The security scheme ${name} is new.`)];
    if (now === undefined) return [told('breaking', 'scheme-removed', `The security scheme ${name} is gone.`)];
    return [...compareKinds(name, fieldsOf(old), fieldsOf(now)), ...compareFlows(name, fieldsOf(old), fieldsOf(now))];
  });
}

function schemesOf({ components }: OpenApiDocument): Fields {
  return fieldsOf(components?.securitySchemes);
}

function compareKinds(name: string, was: Fields, is: Fields): Told[] {
  return ['type', 'scheme', 'in', 'name', 'openIdConnectUrl'].flatMap((field) => {
    const [a, b] = [word(was[field]), word(is[field])];
    return a === b
      ? []
      : [told('breaking', 'scheme-kind', `The ${field} of the security scheme ${name} was ${a}, is ${b}.`)];
  });
}

function compareFlows(name: string, was: Fields, is: Fields): Told[] {
  const [old, now] = [fieldsOf(was['flows']), fieldsOf(is['flows'])];
  return Object.keys({ ...old, ...now }).flatMap((flow) => {
    const of = `of the flow ${flow} of ${name}`;
    if (old[flow] === undefined) return [told('non-breaking', 'flow-added', `The flow ${flow} of ${name} is new.`)];
    if (now[flow] === undefined) return [told('breaking', 'flow-removed', `The flow ${flow} of ${name} is gone.`)];
    const [a, b] = [fieldsOf(old[flow]), fieldsOf(now[flow])];
    const urls = ['tokenUrl', 'authorizationUrl', 'refreshUrl'].flatMap((field) =>
      word(a[field]) === word(b[field])
        ? []
        : [
            told(
              'breaking',
              field === 'tokenUrl' ? 'token-url' : 'flow-url',
              `The ${field} ${of} was ${word(a[field])}, is ${word(b[field])}.`,
            ),
          ],
    );
    return [...urls, ...compareScopes(of, fieldsOf(a['scopes']), fieldsOf(b['scopes']))];
  });
}

function compareScopes(of: string, was: Fields, is: Fields): Told[] {
  return Object.keys({ ...was, ...is }).flatMap((scope) => {
    if (!(scope in was)) return [told('non-breaking', 'scope-added', `The scope ${scope} ${of} is new.`)];
    return scope in is ? [] : [told('breaking', 'scope-removed', `The scope ${scope} ${of} is gone.`)];
  });
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : 'nothing';
}

function told(severity: Told['severity'], rule: string, sentence: string): Told {
  return { severity, rule, part: 'access', sentence };
}
