import type { OpenApiDocument } from '../openapi/document.ts';
import { textAt } from '../util/json.ts';
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
