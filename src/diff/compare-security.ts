import type { OpenApiDocument } from '../openapi/document.ts';
import { partsBelow } from '../openapi/look-up.ts';
import { entriesOf, fieldsOf, type Fields } from '../util/json.ts';
import { change, compareNamed, type FoundChange } from './change.ts';
import type { ComparedOperation } from './compare-operations.ts';

/** Compares the alternatives that an operation accepts, each a set of schemes with their scopes. */
export function compareSecurity(before: ComparedOperation, after: ComparedOperation): FoundChange[] {
  const [was, is] = [alternativesOf(before), alternativesOf(after)];
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  // A caller that satisfied one alternative must satisfy one of the new ones, which asks for no more.
  const isShut = was.some((old) => !is.some((each) => isWithin(each, old)));
  const say = (all: readonly Fields[]): string => all.map((each) => JSON.stringify(each)).join(' or ');
  const sentence = `Security was ${say(was)}, is ${say(is)}.`;
  return [{ ...change(isShut ? 'breaking' : 'non-breaking', 'security', sentence), part: 'access' }];
}

function alternativesOf({ document, fields }: ComparedOperation): Fields[] {
  const { security = document.security } = fields;
  const alternatives = Array.isArray(security) ? security.map((each: unknown) => fieldsOf(each) ?? {}) : [];
  // Their order means nothing (OpenAPI 3.1, section 4.8.30).
  const sorted = alternatives.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return sorted.length === 0 ? [{}] : sorted;
}

function isWithin(asked: Fields, by: Fields): boolean {
  return Object.entries(asked).every(([scheme, scopes]) => {
    const known = by[scheme];
    return Array.isArray(known) && Array.isArray(scopes) && scopes.every((scope) => known.includes(scope));
  });
}

/** Compares security schemes: kinds, flows, token URLs, scopes. */
export function compareSchemes(before: OpenApiDocument, after: OpenApiDocument): FoundChange[] {
  const schemesOf = (document: OpenApiDocument): Map<string, Fields> =>
    new Map([...partsBelow(document, ['components', 'securitySchemes'])].map(([name, { fields }]) => [name, fields]));
  const changes = compareNamed([schemesOf(before), schemesOf(after)], {
    rule: 'scheme',
    subject: (name) => `The security scheme ${name}`,
    compare: (name, was, is) => [
      ...['type', 'scheme', 'in', 'name', 'openIdConnectUrl'].flatMap((field) =>
        compareText(field, 'scheme-kind', `of the security scheme ${name}`, was, is),
      ),
      ...compareNamed([flowsOf(was), flowsOf(is)], {
        rule: 'flow',
        subject: (flow) => `The flow ${flow} of ${name}`,
        compare: (flow, ...flows) => compareFlows(`of the flow ${flow} of ${name}`, ...flows),
      }),
    ],
  });
  return changes.map((each) => ({ ...each, part: 'access' }));
}

function flowsOf({ flows }: Fields): Map<string, Fields> {
  return new Map(entriesOf(flows).map(([name, flow]) => [name, fieldsOf(flow) ?? {}]));
}

function compareFlows(owner: string, was: Fields, is: Fields): FoundChange[] {
  return [
    ...compareText('tokenUrl', 'token-url', owner, was, is),
    ...['authorizationUrl', 'refreshUrl'].flatMap((field) => compareText(field, 'flow-url', owner, was, is)),
    ...compareNamed([new Map(entriesOf(was['scopes'])), new Map(entriesOf(is['scopes']))], {
      rule: 'scope',
      subject: (scope) => `The scope ${scope} ${owner}`,
    }),
  ];
}

function compareText(field: string, rule: string, owner: string, was: Fields, is: Fields): FoundChange[] {
  const [before = 'nothing', after = 'nothing'] = [was[field], is[field]];
  if (before === after) return [];
  return [change('breaking', rule, `The ${field} ${owner} was ${String(before)}, is ${String(after)}.`)];
}
