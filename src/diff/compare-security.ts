import type { OpenApiDocument } from '../openapi/document.ts';
import { partsBelow } from '../openapi/look-up.ts';
import { canonical } from '../openapi/schema.ts';
import { entriesOf, fieldsOf, isList, type Fields } from '../util/json.ts';
import { change, compareNamed, type FoundChange } from './change.ts';
import type { ComparedOperation } from './comparison.ts';

type OperationPair = readonly [ComparedOperation | undefined, ComparedOperation | undefined];

/** Compares how callers present themselves. Schemes are known by what they say: their names are never sent. */
export class SecurityComparison {
  readonly #before: ReadonlyMap<string, Fields>;
  readonly #after: ReadonlyMap<string, Fields>;
  readonly #used: readonly [ReadonlySet<string>, ReadonlySet<string>];
  /** The new name of each scheme that operations ask for. */
  readonly #names = new Map<string, string>();

  constructor([before, after]: readonly [OpenApiDocument, OpenApiDocument], operations: readonly OperationPair[]) {
    [this.#before, this.#after] = [schemesOf(before), schemesOf(after)];
    this.#used = [usedBy(operations.map(([was]) => was)), usedBy(operations.map(([, is]) => is))];
    const taken = new Set<string>();
    for (const name of this.#used[0]) {
      const content = canonical(this.#before.get(name));
      const same = [...this.#used[1]].filter((other) => canonical(this.#after.get(other)) === content);
      const found = same.includes(name) ? name : same.find((other) => !this.#used[0].has(other) && !taken.has(other));
      taken.add(found ?? name);
      this.#names.set(name, found ?? name);
    }
  }

  /** The alternatives that an operation accepts, each a set of schemes with their scopes. */
  operation(before: ComparedOperation, after: ComparedOperation): FoundChange[] {
    const old = alternativesOf(before).map((each) =>
      Object.fromEntries(Object.entries(each).map(([name, scopes]) => [this.#names.get(name) ?? name, scopes])),
    );
    const [was, is] = [inOrder(old), inOrder(alternativesOf(after))];
    if (canonical(was) === canonical(is)) return [];
    // A caller that satisfied one alternative must satisfy one of the new ones, which asks for no more.
    const isShut = was.some((each) => !is.some((other) => isWithin(other, each)));
    const say = (all: readonly Fields[]): string => all.map((each) => JSON.stringify(each)).join(' or ');
    const sentence = `Security was ${say(inOrder(alternativesOf(before)))}, is ${say(is)}.`;
    return [{ ...change(isShut ? 'breaking' : 'non-breaking', 'security', sentence), part: 'access' }];
  }

  /** Kinds, flows, token URLs and scopes of the schemes that operations ask for. */
  schemes(): FoundChange[] {
    const [, asked] = this.#used;
    const was = [...this.#names].flatMap(([name, now]) => {
      const scheme = this.#before.get(name);
      return scheme && asked.has(now) ? [[now, scheme] as const] : [];
    });
    const is = [...this.#after].filter(([name]) => asked.has(name));
    const changes = compareNamed([new Map(was), new Map(is)], {
      rule: 'scheme',
      subject: (name) => `The security scheme ${name}`,
      details: (name) => ({ steps: ['components', 'securitySchemes', name] }),
      compare: (name, ...schemes) => compareScheme(name, ...schemes),
    });
    return changes.map((each) => ({ ...each, part: 'access' }));
  }
}

function usedBy(operations: readonly (ComparedOperation | undefined)[]): Set<string> {
  return new Set(operations.flatMap((each) => (each ? alternativesOf(each).flatMap((all) => Object.keys(all)) : [])));
}

function alternativesOf({ document, fields }: ComparedOperation): Fields[] {
  const { security = document.security } = fields;
  const alternatives = isList(security) ? security.map((each) => fieldsOf(each) ?? {}) : [];
  return alternatives.length === 0 ? [{}] : alternatives;
}

/** Their order means nothing (OpenAPI 3.1, section 4.8.30). */
function inOrder(alternatives: readonly Fields[]): Fields[] {
  return alternatives.toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

function isWithin(asked: Fields, by: Fields): boolean {
  return Object.entries(asked).every(([scheme, scopes]) => {
    const known = by[scheme];
    return isList(known) && isList(scopes) && scopes.every((scope) => known.includes(scope));
  });
}

/** The schemes with what callers must know of them; the case of a header's name and of the word in it means nothing. */
function schemesOf(document: OpenApiDocument): Map<string, Fields> {
  const found = partsBelow(document, ['components', 'securitySchemes']);
  return new Map(
    [...found].map(([name, { fields }]) => {
      const { type, scheme, in: place, name: key, openIdConnectUrl } = fields;
      const all = {
        type,
        scheme: type === 'http' && typeof scheme === 'string' ? scheme.toLowerCase() : undefined,
        in: type === 'apiKey' ? place : undefined,
        name: type !== 'apiKey' ? undefined : place === 'header' && typeof key === 'string' ? key.toLowerCase() : key,
        openIdConnectUrl: type === 'openIdConnect' ? openIdConnectUrl : undefined,
        flows:
          type === 'oauth2'
            ? Object.fromEntries([...flowsOf(fields)].map(([flow, of]) => [flow, plain(of)]))
            : undefined,
      };
      return [name, all];
    }),
  );
}

/** A flow without what only describes it. */
function plain({ tokenUrl, authorizationUrl, refreshUrl, scopes }: Fields): Fields {
  const names = Object.fromEntries(entriesOf(scopes).map(([scope]) => [scope, '']));
  return { tokenUrl, authorizationUrl, refreshUrl, scopes: names };
}

function compareScheme(name: string, was: Fields, is: Fields): FoundChange[] {
  return [
    ...['type', 'scheme', 'in', 'name', 'openIdConnectUrl'].flatMap((field) =>
      compareText(field, 'scheme-kind', `of the security scheme ${name}`, was, is),
    ),
    ...compareNamed([flowsOf(was), flowsOf(is)], {
      rule: 'flow',
      subject: (flow) => `The flow ${flow} of ${name}`,
      compare: (flow, ...flows) => compareFlows(`of the flow ${flow} of ${name}`, ...flows),
    }),
  ];
}

function flowsOf({ flows }: Fields): Map<string, Fields> {
  const found = entriesOf(flows).filter(([name]) => !name.startsWith('x-'));
  return new Map(found.map(([name, flow]) => [name, fieldsOf(flow) ?? {}]));
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
