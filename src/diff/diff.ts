import type { OpenApiDocument } from '../openapi/document.ts';
import { follow, partAt } from '../openapi/look-up.ts';
import { isList, textAt, toPointer, valueAt } from '../util/json.ts';
import { change, type Change, type FoundChange } from './change.ts';
import { compareContent } from './compare-content.ts';
import { compareParameters, compareRequired } from './compare-parameters.ts';
import { compareResponses } from './compare-responses.ts';
import { SecurityComparison } from './compare-security.ts';
import { Comparison, inBoth, placeAt, type ComparedOperation } from './comparison.ts';
import { compareServers, pairOperations } from './routes.ts';

/** A change, and where its operation and the schema behind it stand in the new document. */
export type PlacedChange = Change & Pick<FoundChange, 'schema' | 'steps'>;

/** What has changed between two specifications, for those who call the API; breaking changes first. */
export function diffSpecifications(before: OpenApiDocument, after: OpenApiDocument): PlacedChange[] {
  const pairs = pairOperations(before, after);
  const comparison = new Comparison(before, after);
  const operations = [...pairs.values()];
  const security = new SecurityComparison([before, after], operations);
  const placed = (found: readonly FoundChange[], details: Partial<FoundChange> = {}): PlacedChange[] =>
    found.map((each) => ({ part: 'operation', ...each, ...details }));
  const changes = [
    placed([...compareServers(pairs), ...security.schemes()]),
    ...operations.map(([was, is]) => {
      const id = textAt(was?.fields, 'operationId');
      const { name: operation = '', steps = [] } = { ...(is ?? was), ...(was && { name: was.name }) };
      const details = { operation, steps, ...(id === undefined ? {} : { operationId: id }) };
      return placed(compareOperation(comparison, security, was, is), details);
    }),
    placed(compareOthers(comparison, before, after)),
  ].flat();
  return (['breaking', 'undecided', 'non-breaking'] as const).flatMap((severity) =>
    changes.filter((each) => each.severity === severity),
  );
}

function compareOperation(
  comparison: Comparison,
  security: SecurityComparison,
  was: ComparedOperation | undefined,
  is: ComparedOperation | undefined,
): FoundChange[] {
  if (!is) return [change('breaking', 'operation-removed', 'The operation was removed.')];
  if (!was) return [change('non-breaking', 'operation-added', 'The operation is new.')];
  const access = security.operation(was, is);
  if (comparison.isSame(was, is) && was.path === is.path) return access;
  const bodies = inBoth([was, is], ({ document, steps }) => placeAt(document, [...steps, 'requestBody']));
  const request = [
    ...compareParameters(comparison, [was, is]),
    ...compareRequired(bodies, 'body-required', 'The body'),
    ...compareContent(comparison, bodies, 'request'),
  ];
  return [
    ...compareIds(was, is),
    ...access,
    ...request.map((each): FoundChange => ({ ...each, part: 'request' })),
    ...compareResponses(comparison, [was, is]),
    ...comparison.callbacks(was, is),
  ];
}

function compareIds(before: ComparedOperation, after: ComparedOperation): FoundChange[] {
  const [was, is = 'none'] = [before, after].map(({ fields }) => textAt(fields, 'operationId'));
  if (was === is || was === undefined) return [];
  const sentence = `The operation id was ${was}, is ${is}: the client's method has another name.`;
  return [change('breaking', 'operation-id', sentence)];
}

/** Requests of the API to its callers are not taken apart. */
function compareOthers({ unchanged }: Comparison, before: OpenApiDocument, after: OpenApiDocument): FoundChange[] {
  const [was, is] = [before, after].map((document) => Reflect.get(document, 'webhooks') as unknown);
  if (unchanged.isSame(was, is)) return [];
  return [change('undecided', 'webhooks', 'The webhooks are others; whether that breaks cannot be decided.')];
}

/** Where a change stands in the new document, or what is nearest to it there, as a JSON pointer. */
export function pointerOf(document: OpenApiDocument, change: PlacedChange): string {
  const { schema, place = '' } = change;
  const steps = schema ? stepsIn(document, schema, place) : [...stepsOf(document, change)];
  while (steps.length > 0 && valueAt(document, steps) === undefined) steps.pop();
  return toPointer(steps);
}

/** The steps to a place of a body, such as `$[*].name`, as far as properties and items lead there. */
function stepsIn(document: OpenApiDocument, schema: readonly string[], place: string): string[] {
  let steps = [...schema];
  for (const step of place.match(/\.[^.[]+|\[\*\]/g) ?? []) {
    const below = [...follow(document, steps), ...(step === '[*]' ? ['items'] : ['properties', step.slice(1)])];
    if (valueAt(document, below) === undefined) break;
    steps = below;
  }
  return steps;
}

function stepsOf(document: OpenApiDocument, change: PlacedChange): readonly string[] {
  const { steps, part, status, parameter, contentType } = change;
  if (steps === undefined) return [change.rule.startsWith('server') ? 'servers' : change.rule];
  const content = contentType === undefined ? [] : ['content', contentType];
  if (part === 'access') return [...steps, 'security'];
  if (part === 'response') {
    const header = parameter === undefined ? content : ['headers', parameter];
    return [...steps, 'responses', ...(status === undefined ? [] : [status, ...header])];
  }
  if (part !== 'request') return steps;
  if (parameter === undefined) return [...steps, 'requestBody', ...content];
  const parameters = valueAt(document, [...steps, 'parameters']);
  const index = (isList(parameters) ? [...parameters.keys()] : []).find((each) => {
    const { fields } = partAt(document, [...steps, 'parameters', String(each)]) ?? {};
    return `${String(fields?.['name'])} (${String(fields?.['in'])})` === parameter;
  });
  return index === undefined ? steps : [...steps, 'parameters', String(index)];
}
