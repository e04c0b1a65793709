import { entriesOf } from '../util/json.ts';
import { documentedStatus } from '../openapi/responses.ts';
import { change, compareNamed, type FoundChange } from './change.ts';
import { compareContent } from './compare-content.ts';
import {
  inBoth,
  placesBelow,
  type ComparedOperation,
  type Comparison,
  type Located,
  type LocatedPair,
} from './comparison.ts';

/** Compares the answers of an operation, each with the one that stands for its status now. */
export function compareResponses(
  comparison: Comparison,
  operations: readonly [ComparedOperation, ComparedOperation],
): FoundChange[] {
  const [was, is] = inBoth(operations, responsesOf);
  const matched = new Set<string>();
  const compare = (status: string, before: Located, name: string): FoundChange[] => {
    const after = is.get(name);
    matched.add(name);
    return after ? compareResponse(comparison, [before, after]).map((each) => ({ ...each, ...at(status) })) : [];
  };
  const before = [...was].flatMap(([status, response]) => {
    const names = is.has(status) ? [status] : standingFor(status, is);
    if (names.length > 0) return names.flatMap((name) => compare(status, response, name));
    return [{ ...change('breaking', 'status-removed', `The status ${status} was removed.`), ...at(status) }];
  });
  const after = [...is].flatMap(([status, response]): FoundChange[] => {
    if (was.has(status) || matched.has(status)) return [];
    const added = { ...change('non-breaking', 'status-added', `The status ${status} is new.`), ...at(status) };
    const shadowed = /^\d/.test(status)
      ? documentedStatus([...was.keys()], Number(status.replaceAll('x', '0')))
      : undefined;
    const old = shadowed === undefined ? undefined : was.get(shadowed);
    return [
      added,
      ...(old ? compareResponse(comparison, [old, response]).map((each) => ({ ...each, ...at(status) })) : []),
    ];
  });
  return [...before, ...after];
}

function at(status: string): Partial<FoundChange> {
  return { status, part: 'response' };
}

function responsesOf(operation: ComparedOperation): Map<string, Located> {
  const found = [...placesBelow(operation, 'responses')].filter(([status]) => !status.startsWith('x-'));
  return new Map(found.map(([status, place]) => [status.toLowerCase().replace('xx', 'XX'), place]));
}

/** The statuses that describe an answer whose own status is described no longer. */
function standingFor(status: string, is: ReadonlyMap<string, Located>): string[] {
  if (/^\d\d\d$/.test(status)) {
    const found = documentedStatus([...is.keys()], Number(status));
    return found === undefined ? [] : [found];
  }
  if (status === 'default') return [];
  const single = [...is.keys()].filter((each) => each !== 'default' && each.startsWith(status[0] ?? ''));
  return single.length > 0 ? single : is.has('default') ? ['default'] : [];
}

function compareResponse(comparison: Comparison, pair: LocatedPair): FoundChange[] {
  return [...compareContent(comparison, pair, 'response'), ...compareHeaders(comparison, pair)];
}

function compareHeaders(comparison: Comparison, responses: LocatedPair): FoundChange[] {
  const headers = inBoth(responses, (response) => {
    const found = [...placesBelow(response, 'headers')].map(([name, part]) => [name.toLowerCase(), part] as const);
    // The media type says it (OpenAPI 3.1, section 4.8.17.1).
    return new Map(found.filter(([name]) => name !== 'content-type'));
  });
  return compareNamed(headers, {
    rule: 'header',
    subject: (name) => `The header ${name}`,
    compare: (name, ...pair) => [
      ...(pair[0].fields['required'] === true && pair[1].fields['required'] !== true
        ? [change('breaking', 'header-required', `The header ${name} was required, is optional.`)]
        : []),
      ...compareHeader(comparison, pair, name),
    ],
    details: (name) => ({ parameter: name }),
  });
}

function compareHeader(comparison: Comparison, pair: LocatedPair, name: string): FoundChange[] {
  const [had, has] = inBoth(pair, ({ fields }) => entriesOf(fields['content']).length > 0);
  if (had !== has) {
    const say = (content: boolean): string => (content ? 'by its content' : 'by a schema');
    return [change('breaking', 'header-content', `The header ${name} was described ${say(had)}, is ${say(has)}.`)];
  }
  // A place is one of a body.
  if (had)
    return compareContent(comparison, pair, 'response').map(({ severity, rule, sentence }) =>
      change(severity, rule, sentence),
    );
  const [was, is] = inBoth(pair, ({ fields }) => fields['explode'] === true);
  const lens = { direction: 'response', as: 'texts' } as const;
  const changes = comparison.schemas(pair, lens, { name });
  if (was === is || !['object', '$ref'].some((each) => JSON.stringify(pair[0].fields['schema'] ?? '').includes(each)))
    return changes;
  return [
    change('breaking', 'header-style', `The header ${name} has its parts written otherwise (explode).`),
    ...changes,
  ];
}
