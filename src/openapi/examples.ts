import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { messageOf } from '../util/errors.ts';
import { entriesOf, isList, parseJson, toPointer, valueAt } from '../util/json.ts';
import { isJson } from '../util/media-type.ts';
import type { Api } from './api.ts';
import { follow, partsBelow, type Part } from './look-up.ts';
import { operationName } from './operations.ts';

/** With more schemas than this, to compile them would keep the mock from answering for seconds. */
const mostSchemas = 400;

/**
 * What is wrong with the examples of JSON answers: a sentence each, after its place in the document. Between two operations,
 * other work is done. An example that several operations refer to is told once.
 * @param isStopped whether to end before all are checked.
 */
export async function* wrongExamples(
  { document, operations, schemas }: Api,
  isStopped: () => boolean = () => false,
): AsyncGenerator<string> {
  const count = entriesOf(valueAt(document, ['components', 'schemas'])).length;
  if (count > mostSchemas) {
    yield `The examples are checked when they are first served: the document has ${count} schemas.`;
    return;
  }
  const seen = new Set<string>();
  for (const operation of operations) {
    await yieldToOthers();
    if (isStopped()) return;
    for (const status of operation.statuses) {
      for (const [type, media] of partsBelow(document, [...operation.steps, 'responses', status, 'content'])) {
        const schema = [...media.steps, 'schema'];
        if (!isJson(type) || valueAt(document, schema) === undefined) continue;
        for (const { steps, value } of examplesIn(document, media)) {
          const place = toPointer(steps);
          if (seen.has(place)) continue;
          seen.add(place);
          const problem = problemOf(schemas, schema, value);
          const where = `#${place}: The example of ${operationName(operation)}, ${status}`;
          if (problem !== undefined) yield `${where} ${problem}`;
        }
      }
    }
  }
}

/** The value that an example stands for: some documents write JSON as a text, where the schema takes none. */
export function exampleIn(schemas: Api['schemas'], schema: readonly string[], example: unknown): unknown {
  const read = typeof example === 'string' && /^\s*[[{]/.test(example) ? parseJson(example) : undefined;
  return read !== undefined && schemas.check(schema, example, 'answer').length > 0 ? read : example;
}

function problemOf(schemas: Api['schemas'], schema: readonly string[], example: unknown): string | undefined {
  try {
    const [wrong] = schemas.check(schema, exampleIn(schemas, schema, example), 'answer');
    return (
      wrong &&
      `is served with a made-up value where its schema is violated, at ${wrong.path} (expected ${wrong.expected}, found ${wrong.found}).`
    );
  } catch (error) {
    return `is served as it is: its schema cannot be used. ${messageOf(error).replaceAll(/(?<!\s)\s*\n\s*/g, ' ')}`;
  }
}

/** The examples of an answer, which count before those of its schema, with their places. */
function examplesIn(document: Api['document'], { steps, fields }: Part): { steps: string[]; value: unknown }[] {
  const schema = follow(document, [...steps, 'schema']);
  const own = entriesOf(fields['examples']).map(([name]) => [
    ...follow(document, [...steps, 'examples', name]),
    'value',
  ]);
  const list = valueAt(document, [...schema, 'examples']);
  const ofSchema = isList(list) ? list.map((_, index) => [...schema, 'examples', String(index)]) : [];
  const places = [[...steps, 'example'], ...own];
  const isNone = places.every((place) => valueAt(document, place) === undefined);
  return (isNone ? [[...schema, 'example'], ...ofSchema] : places)
    .map((place) => ({ steps: place, value: valueAt(document, place) }))
    .filter(({ value }) => value !== undefined);
}
