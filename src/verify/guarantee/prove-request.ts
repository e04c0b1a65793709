import { partAt, partsBelow, type Part } from '../../openapi/look-up.ts';
import { findResponse } from '../../openapi/responses.ts';
import type { ContractRequest, Interaction } from '../../pact/model.ts';
import { toPointer } from '../../util/json.ts';
import { acceptedTypes, essence, findMediaType, isWithin } from '../../util/media-type.ts';
import type { FoundOperation } from './operation.ts';
import type { Finding } from './proof/finding.ts';
import type { Steps } from '../../openapi/schema.ts';
import type { Schemas } from './proof/schemas.ts';
import { readings } from './proof/text-languages.ts';
import { keyParameters, proveScopes, proveSecurity, proveTokenRequest } from './prove-oauth.ts';
import { proveParameters } from './prove-parameters.ts';
import { formOf, tokenForm } from './token-form.ts';

/**
 * Proves that the specification allows the request of an interaction. Where the contract expects it to be refused, what the
 * specification does not allow is as it should be.
 * @param asked the scopes that the token requests of the contracts ask for.
 */
export function proveRequest(
  schemas: Schemas,
  operation: FoundOperation,
  { request, response: { status } }: Interaction,
  asked: readonly (ReadonlySet<string> | undefined)[],
): Finding[] {
  const rule = tokenForm(request) ? 'client authentication' : 'security';
  const findings = [
    ...proveParameters(schemas, operation, request, keyParameters(operation)),
    ...proveRequestBody(schemas, operation, request),
    ...proveSecurity(operation, request, rule),
    ...proveTokenRequest(operation.document, request, operation),
    ...proveAccept(operation, request.headers.get('accept')?.values.join(','), status),
    ...(status < 400 ? proveScopes(operation, asked) : []),
  ];
  return status >= 400 && status < 500 ? findings.map((finding) => refused(finding, status)) : findings;
}

function refused(finding: Finding, status: number): Finding {
  if (finding.result !== 'broken') return finding;
  const sentence = `${finding.sentence} The contract expects that it is refused, with ${status}.`;
  return { ...finding, result: 'holds', sentence };
}

function proveAccept(operation: FoundOperation, accept: string | undefined, status: number): Finding[] {
  const response = findResponse(operation.document, operation, status)?.response;
  const described = response ? [...partsBelow(operation.document, [...response.steps, 'content']).keys()] : [];
  if (accept === undefined || !response || described.length === 0) return [];
  const ranges = acceptedTypes(accept);
  const at = { place: '$.request.headers.Accept', rule: 'accept', pointer: toPointer([...response.steps, 'content']) };
  if (described.some((type) => ranges.some((range) => isWithin(type, range) || isWithin(range, type))))
    return [{ ...at, result: 'holds', sentence: 'The specification describes a media type that the request accepts.' }];
  return [
    {
      ...at,
      result: 'broken',
      sentence: `The request of the contract accepts ${ranges.join(', ')}, and the specification describes ${described.join(', ')}.`,
    },
  ];
}

/** Proves that the specification allows the body of a request, and that none is missing. */
function proveRequestBody(schemas: Schemas, operation: FoundOperation, request: ContractRequest): Finding[] {
  const described = partAt(operation.document, [...operation.steps, 'requestBody']);
  const { kind } = request.body;
  const at = { place: '$.request.body', rule: 'body', pointer: toPointer(described?.steps ?? operation.steps) };
  if (kind === 'absent' || kind === 'empty') {
    if (described?.fields['required'] !== true) return [];
    return [
      {
        ...at,
        result: 'broken',
        sentence: 'The specification requires a body, and the request of the contract has none.',
      },
    ];
  }
  if (!described)
    return [
      {
        ...at,
        result: 'broken',
        sentence: 'The request of the contract has a body, and the specification describes none.',
      },
    ];
  const types = partsBelow(operation.document, [...described.steps, 'content']);
  const wanted = request.contentType ?? (kind === 'json' ? 'application/json' : 'text/plain');
  const found = findMediaType(types.keys(), wanted);
  const mediaType = found === undefined ? undefined : types.get(found);
  const type = { ...at, rule: 'content type', place: "$.request.headers['Content-Type']" };
  if (!mediaType) {
    const sentence = `The request of the contract has ${essence(wanted)}, and the specification describes ${[...types.keys()].join(', ')}.`;
    return [{ ...type, result: 'broken', sentence }];
  }
  const holds: Finding = {
    ...type,
    result: 'holds',
    sentence: `The specification describes ${found} for the request.`,
  };
  return [holds, ...(mediaType.fields['schema'] === undefined ? [] : proveContent(schemas, mediaType, request))];
}

function proveContent(schemas: Schemas, { steps }: Part, request: ContractRequest): Finding[] {
  const schema = [...steps, 'schema'];
  const form = formOf(request);
  const candidates = form
    ? formValues(form)
    : request.body.kind === 'json'
      ? [request.body.value]
      : request.body.kind === 'text'
        ? [request.body.text]
        : [];
  const at = { place: '$.request.body', rule: 'body', pointer: toPointer(schemas.place(schema)) };
  const isPlain = request.body.kind === 'json' || form !== undefined || /^text\//i.test(request.contentType ?? '');
  if (candidates.length === 0 || !isPlain)
    return [
      {
        ...at,
        result: 'not verifiable',
        sentence: 'The body is neither JSON nor a form nor text, and nothing but its content type was looked at.',
      },
    ];
  return [judge(schemas, schema, candidates, at)];
}

function judge(
  schemas: Schemas,
  schema: Steps,
  candidates: readonly unknown[],
  at: Pick<Finding, 'place' | 'pointer' | 'rule'>,
): Finding {
  const complaints = candidates.map((value) => schemas.complaint(schema, value));
  if (complaints.includes(undefined))
    return { ...at, result: 'holds', sentence: 'The specification allows the body of the request.' };
  const [first] = complaints;
  if (first === undefined || first === 'unusable')
    return {
      ...at,
      result: 'not verifiable',
      sentence: 'The schema cannot be used to check a value: look at its patterns and references.',
    };
  return {
    ...at,
    place: at.place + first.path.slice(1),
    result: 'broken',
    sentence: `The specification does not allow the body of the request: ${first.words}.`,
  };
}

/** What a form may stand for: all texts, texts read as what they look like, fields that come once or more as lists. */
function formValues(form: URLSearchParams): object[] {
  const read = (at: number, lists: boolean): object =>
    Object.fromEntries(
      [...new Set(form.keys())].map((name) => {
        const values = form.getAll(name).map((text) => readings(text).at(at));
        return [name, values.length > 1 || lists ? values : values[0]];
      }),
    );
  return [read(0, false), read(-1, false), read(0, true), read(-1, true)];
}
