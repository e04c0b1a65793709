import { toPointer } from '../../util/json.ts';
import type { Interaction } from '../../pact/model.ts';
import { describedStatuses, findResponse } from '../../contract/guarantee/operation/find-response.ts';
import type { FoundOperation } from './operation.ts';
import type { Finding } from './proof/finding.ts';
import type { Schemas } from './proof/schemas.ts';
import { proveBody } from '../../contract/guarantee/response/prove-body.ts';
import { proveContentType } from '../../contract/guarantee/response/prove-content-type.ts';
import { proveHeaders } from '../../contract/guarantee/response/prove-headers.ts';

/** Proves of an answer that the specification guarantees what the contract demands. */
export function proveResponse(
  schemas: Schemas,
  operation: FoundOperation,
  interaction: Interaction,
  siblings: readonly Interaction[],
): Finding[] {
  const { status } = interaction.response;
  const found = findResponse(operation, status);
  const at = { place: '$.response.status', rule: 'status' };
  if (!found) {
    const sentence = `The contract expects ${status}, and the specification describes ${describedStatuses(operation)} for this operation.`;
    return [{ ...at, result: 'broken', pointer: toPointer([...operation.steps, 'responses']), sentence }];
  }
  const pointer = toPointer(found.response.steps);
  const described =
    found.key === String(status)
      ? 'The specification describes this status.'
      : `The specification describes this status as ${found.key}.`;
  const alike = siblings.filter(({ response }) => response.status === status);
  const type = proveContentType(operation, found.response, interaction);
  return [
    { ...at, result: 'holds', pointer, sentence: described },
    ...proveHeaders(schemas, operation.document, found.response, interaction, alike),
    ...type.findings,
    ...(type.mediaType ? proveBody(schemas, type.mediaType, interaction, alike) : []),
  ];
}
