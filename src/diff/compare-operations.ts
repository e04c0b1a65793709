import type { OpenApiDocument } from '../openapi/document.ts';
import { partAt, partsBelow, type Part } from '../openapi/look-up.ts';
import { readParameters } from '../openapi/operations.ts';
import { change, compareNamed, type FoundChange } from './change.ts';
import type { Direction, SchemaComparison } from './compare-schemas.ts';

/** An object of one of the two documents; without fields if there is none. */
interface Place extends Part {
  document: OpenApiDocument;
}

export interface ComparedOperation extends Place {
  name: string;
  item: Part;
}

type Pair = readonly [before: Place, after: Place];

function inBoth<P, T>([before, after]: readonly [P, P], read: (place: P) => T): [T, T] {
  return [read(before), read(after)];
}

function placesBelow({ document, steps }: Place, key: string): Map<string, Place> {
  const found = [...partsBelow(document, [...steps, key])];
  return new Map(found.map(([name, part]) => [name, { document, ...part }]));
}

function compareSchemasOf(schemas: SchemaComparison, pair: Pair, direction: Direction, name?: string): FoundChange[] {
  const [before, after] = inBoth(pair, ({ steps, fields }) =>
    fields['schema'] === undefined ? undefined : [...steps, 'schema'],
  );
  const changes = schemas.compare(before, after, direction, name);
  // Places are those of bodies.
  return name === undefined ? changes : changes.map((each) => change(each.severity, each.rule, each.sentence));
}

export function compareRequests(
  schemas: SchemaComparison,
  operations: readonly [ComparedOperation, ComparedOperation],
): FoundChange[] {
  const bodies = inBoth(operations, ({ document, steps }): Place => {
    const part = partAt(document, [...steps, 'requestBody']);
    return { document, steps: [], fields: {}, ...part };
  });
  const changes = [
    ...compareNamed(inBoth(operations, parametersOf), {
      rule: 'parameter',
      subject: (name) => `The parameter ${name}`,
      isRequired,
      compare: (name, ...pair) => [
        ...compareRequired(pair, 'parameter-required', `The parameter ${name}`),
        ...compareSchemasOf(schemas, pair, 'request', name),
      ],
    }),
    ...compareRequired(bodies, 'body-required', 'The body'),
    ...compareContent(schemas, bodies, 'request'),
  ];
  return changes.map((each) => ({ ...each, part: 'request' }));
}

function compareRequired([before, after]: Pair, rule: string, subject: string): FoundChange[] {
  if (isRequired(before) === isRequired(after)) return [];
  return isRequired(after)
    ? [change('breaking', rule, `${subject} was optional, is required.`)]
    : [change('non-breaking', rule, `${subject} was required, is optional.`)];
}

function isRequired({ fields }: Place): boolean {
  return fields['required'] === true;
}

/** Parameters in the path are left out, since their names are never sent. */
function parametersOf({ document, item, steps }: ComparedOperation): Map<string, Place> {
  const parameters = readParameters(document, [item.steps, steps]).filter((each) => each.in !== 'path');
  return new Map(
    parameters.map((each) => {
      const place = { document, steps: [], fields: {}, ...partAt(document, each.steps) };
      return [`${each.name} (${each.in})`, place];
    }),
  );
}

function compareContent(schemas: SchemaComparison, pair: Pair, direction: Direction): FoundChange[] {
  return compareNamed(
    inBoth(pair, (place) => placesBelow(place, 'content')),
    {
      rule: 'content-type',
      subject: (type) => type,
      compare: (_, ...inner) => compareSchemasOf(schemas, inner, direction),
    },
  );
}

export function compareResponses(schemas: SchemaComparison, operations: Pair): FoundChange[] {
  return compareNamed(
    inBoth(operations, (operation) => placesBelow(operation, 'responses')),
    {
      rule: 'status',
      subject: (status) => `The status ${status}`,
      compare: (_, ...pair) => [...compareContent(schemas, pair, 'response'), ...compareHeaders(schemas, pair)],
      details: (status) => ({ part: 'response', status }),
    },
  );
}

function compareHeaders(schemas: SchemaComparison, responses: Pair): FoundChange[] {
  const headers = inBoth(
    responses,
    (response) => new Map([...placesBelow(response, 'headers')].map(([name, part]) => [name.toLowerCase(), part])),
  );
  return compareNamed(headers, {
    rule: 'header',
    subject: (name) => `The header ${name}`,
    compare: (name, ...pair) => [
      ...(isRequired(pair[0]) && !isRequired(pair[1])
        ? [change('breaking', 'header-required', `The header ${name} was required, is optional.`)]
        : []),
      ...compareSchemasOf(schemas, pair, 'response', name),
    ],
  });
}
