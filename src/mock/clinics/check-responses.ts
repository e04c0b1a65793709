import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../spec/operation.ts';
import { Problem } from '../../util/errors.ts';
import { nearest } from '../../util/did-you-mean.ts';
import { successSchema } from '../../openapi/responses.ts';
import type { YamlFile } from '../../util/yaml-file.ts';

/**
 * Checks a clinic's answers against the schemas of the specification.
 * @throws Problem naming the clinic, the operation, the JSON path, what was expected and what was found.
 */
export function checkResponses(responses: Record<string, unknown>, clinic: string, yaml: YamlFile, api: Api): void {
  for (const [operationId, body] of Object.entries(responses)) {
    const schema = schemaOf(operationId, clinic, yaml, api);
    const [first, ...more] = api.schemas.check(schema, body);
    if (!first) continue;
    throw new Problem({
      code: 'fixture_invalid',
      what: 'The answer does not conform to the specification.',
      where: yaml.locate(['responses', operationId, ...first.steps]),
      facts: {
        clinic,
        operation: operationId,
        path: first.path,
        expected: first.expected,
        found: first.found,
        further: more.length > 0 ? `${more.length} more in this answer` : undefined,
      },
      remedy: 'Correct the fixture, or the schema in the specification if the API really answers so.',
    });
  }
}

function schemaOf(operationId: string, clinic: string, yaml: YamlFile, api: Api): string[] {
  const operation = api.operations.find(({ id }) => id === operationId);
  const steps = operation && hasFixture(operation) ? successSchema(api.document, operation) : undefined;
  if (steps) return steps;
  const possible = api.operations.filter((other) => hasFixture(other) && successSchema(api.document, other));
  const ids = possible.map(({ id }) => id);
  const suggestion = nearest(operationId, ids);
  throw new Problem({
    code: 'fixture_invalid',
    what: operation
      ? `The operation ${operationId} has no answer that a clinic could give: no body, or no token that tells the clinic.`
      : `The specification has no operation ${operationId}.`,
    where: yaml.locate(['responses', operationId]),
    facts: { clinic, operation: operationId, path: '$', expected: `one of ${ids.join(', ')}`, found: operationId },
    remedy: suggestion
      ? `Did you mean ${suggestion}?`
      : 'Take the answer out, add the operation to the specification, or name other clinics with --clinics FOLDER.',
  });
}

/** Only a bearer token tells the clinic; what is open to all has the specification's own example. */
function hasFixture({ issuesTokens, security }: Operation): boolean {
  return !issuesTokens && security !== undefined;
}
