import { partAt, partsBelow, type Part } from '../../openapi/look-up.ts';
import { findResponse } from '../../openapi/responses.ts';
import type { ContractRequest, Interaction } from '../../pact/model.ts';
import { toPointer } from '../../util/json.ts';
import { acceptedTypes, findMediaType, isWithin } from '../../util/media-type.ts';
import { broken, holds, undecided, type PlaceVerdict } from './proof/place-verdict.ts';
import { keyParameters, proveScopes, proveSecurity, proveTokenRequest } from './prove-oauth.ts';
import { proveParameters, type FoundOperation } from './prove-parameters.ts';
import { formOf, tokenRequestForm } from './token-form.ts';

/**
 * Proves that the specification allows the request of an interaction. Where the contract expects it to be refused, what the
 * specification does not allow is as it should be.
 * @param asked the scopes that the token requests of the contracts ask for.
 */
export function proveRequest(
  operation: FoundOperation,
  { request, response: { status } }: Interaction,
  asked: readonly (ReadonlySet<string> | undefined)[],
): PlaceVerdict[] {
  const rule = tokenRequestForm(request) ? 'client authentication' : 'security';
  const findings = [
    ...proveParameters(operation, request, keyParameters(operation)),
    ...proveRequestBody(operation, request),
    ...proveSecurity(operation, request, rule),
    ...proveTokenRequest(operation.schemas.document, request, operation),
    ...proveAccept(operation, request.headers.get('accept')?.values.join(','), status),
    ...(status < 400 ? proveScopes(operation, asked) : []),
  ];
  return status >= 400 && status < 500 ? findings.map((finding) => refused(finding, status)) : findings;
}

function refused(finding: PlaceVerdict, status: number): PlaceVerdict {
  if (finding.result !== 'broken') return finding;
  return holds(finding, `${finding.sentence} The contract expects a refusal with ${status}.`);
}

function proveAccept(operation: FoundOperation, accept: string | undefined, status: number): PlaceVerdict[] {
  const response = findResponse(operation.schemas.document, operation, status)?.response;
  const described = response ? [...partsBelow(operation.schemas.document, [...response.steps, 'content']).keys()] : [];
  if (accept === undefined || !response || described.length === 0) return [];
  const ranges = acceptedTypes(accept);
  const at = { place: '$.request.headers.Accept', rule: 'accept', pointer: toPointer([...response.steps, 'content']) };
  if (described.some((type) => ranges.some((range) => isWithin(type, range) || isWithin(range, type))))
    return [holds(at, 'The specification describes a media type that the request accepts.')];
  const sentence = `The request accepts ${ranges.join(', ')}; the specification describes ${described.join(', ')}.`;
  return [broken(at, sentence)];
}

function proveRequestBody(operation: FoundOperation, request: ContractRequest): PlaceVerdict[] {
  const part = partAt(operation.schemas.document, [...operation.steps, 'requestBody']);
  const { kind } = request.body;
  const at = { place: '$.request.body', rule: 'body', pointer: toPointer(part?.steps ?? operation.steps) };
  if (kind === 'absent' || kind === 'empty') {
    if (part?.fields['required'] !== true) return [];
    return [broken(at, 'The specification requires a body; the request has none.')];
  }
  if (!part) return [broken(at, 'The request has a body; the specification describes none.')];
  const types = partsBelow(operation.schemas.document, [...part.steps, 'content']);
  const wanted = request.contentType ?? (kind === 'json' ? 'application/json' : 'text/plain');
  const found = findMediaType(types.keys(), wanted);
  const mediaType = found === undefined ? undefined : types.get(found);
  const type = { ...at, rule: 'content type', place: "$.request.headers['Content-Type']" };
  if (!mediaType) {
    const sentence = `The request has ${wanted}; the specification describes ${[...types.keys()].join(', ')}.`;
    return [broken(type, sentence)];
  }
  const described = holds(type, `The specification describes ${found} for the request.`);
  return mediaType.fields['schema'] === undefined
    ? [described]
    : [described, proveContent(operation, mediaType, request)];
}

function proveContent(operation: FoundOperation, media: Part, request: ContractRequest): PlaceVerdict {
  const { requests, parameterValues } = operation;
  const schema = [...media.steps, 'schema'];
  const at = { place: '$.request.body', rule: 'body', pointer: toPointer(requests.place(schema)) };
  const { body, contentType } = request;
  const form = formOf(request);
  const complaint = form
    ? requests.complaintOfTexts(schema, parameterValues.formOf(requests.document, media, form))
    : body.kind === 'json'
      ? requests.complaint(schema, body.value)
      : body.kind === 'text' && /^text\//i.test(contentType ?? '')
        ? requests.complaint(schema, body.text)
        : 'unchecked';
  if (complaint === 'unchecked')
    return undecided(at, 'The body is neither JSON nor a form nor text: only its content type was checked.');
  if (complaint === undefined) return holds(at, 'The specification allows the body of the request.');
  if (complaint === 'unusable')
    return undecided(at, 'The schema cannot be used to check a value; look at its patterns and references.');
  const place = at.place + complaint.path.slice(1);
  return broken({ ...at, place }, `The specification does not allow the body of the request: ${complaint.words}.`);
}
