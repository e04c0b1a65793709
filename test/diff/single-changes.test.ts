// One change to a specification at a time, and what `arzamed diff` says of it.
import { describe, expect, test } from '@jest/globals';
import { diffSpecifications } from '../../src/diff/diff.ts';
import { fromPointer, valueAt } from '../../src/util/json.ts';
import { readSpec } from '../../src/openapi/load/load.ts';

const documents = {
  arzamed: await readSpec('openapi/arzamed.yaml'),
  ferries: await readSpec('test/other-api/ferries.yaml'),
};

/** The place of a change: the specification, and a JSON pointer in it. */
type Place = [api: keyof typeof documents, pointer: string];

const gone = Symbol('gone');

/** The rules that a change to one place gives, each with its severity. */
function rulesOf([api, pointer]: Place, value: unknown): string[] {
  const before = documents[api];
  const after = structuredClone(before);
  const steps = fromPointer(pointer);
  const last = steps.pop() ?? '';
  const holder: unknown = valueAt(after, steps);
  if (typeof holder !== 'object' || holder === null) throw new Error(`There is nothing at ${pointer}.`);
  if (value === gone && !Object.hasOwn(holder, last)) throw new Error(`There is nothing at ${pointer}.`);
  if (value === gone) Reflect.deleteProperty(holder, last);
  else Reflect.set(holder, last, value);
  return [...new Set(diffSpecifications(before, after).map(({ severity, rule }) => `${severity} ${rule}`))];
}

const doctors = '/paths/~1equipe~1doctors/get';
const token = '/paths/~1auth~1{clinic}~1oauth2~1token';
const flow = '/components/securitySchemes/clientCredentials/flows/clientCredentials';
const doctor = '/components/schemas/Doctor';
const book = '/paths/~1sailings~1{sailingId}~1bookings/post';
const booking = `${book}/requestBody/content/application~1json/schema`;
const booked = `${book}/responses/201`;
const find = '/paths/~1sailings/get';
const bookingFlow = '/components/securitySchemes/bookingOAuth/flows/clientCredentials';
const requestBody = (place: string): string => `${place}/requestBody`;

describe('breaks', () => {
  test.each<[change: string, place: Place, value: unknown, rule: string]>([
    ['an operation is gone', ['arzamed', doctors], gone, 'operation-removed'],
    ['a method is another', ['ferries', '/paths/~1bookings~1{bookingId}'], {}, 'operation-removed'],
    ['an operation id is another', ['arzamed', `${doctors}/operationId`], 'getDoctors', 'operation-id'],
    ['the server is another', ['arzamed', '/servers/0/url'], 'https://api.arzamed.example/v2', 'server'],
    ['the server of the token is another', ['arzamed', `${token}/servers/0/url`], 'https://b.invalid', 'server'],
    // OAuth
    ['the token URL is another', ['arzamed', `${flow}/tokenUrl`], 'https://b.invalid/token', 'token-url'],
    ['the flow is gone', ['arzamed', flow], gone, 'flow-removed'],
    [
      'the flow is another',
      ['ferries', '/components/securitySchemes/bookingOAuth/flows'],
      { authorizationCode: { authorizationUrl: 'https://a.invalid', tokenUrl: 'https://b.invalid', scopes: {} } },
      'flow-removed',
    ],
    ['a scope is gone', ['ferries', `${bookingFlow}/scopes/bookings:write`], gone, 'scope-removed'],
    ['a scope has another name', ['arzamed', `${flow}/scopes`], { 'https://a.invalid/read': '' }, 'scope-removed'],
    ['an operation needs one more scope', ['ferries', '/security/0/bookingOAuth'], ['sailings:read', 'b'], 'security'],
    ['an operation needs another scope', ['arzamed', '/security/0/clientCredentials'], ['other'], 'security'],
    ['an operation for everybody needs a token', ['ferries', '/paths/~1ports/get/security'], gone, 'security'],
    ['the scheme is another', ['arzamed', '/security'], [{ clientAuthentication: [] }], 'security'],
    [
      'the scheme is of another kind',
      ['arzamed', '/components/securitySchemes/clientAuthentication/scheme'],
      'bearer',
      'scheme-kind',
    ],
    ['the scheme is gone', ['arzamed', '/components/securitySchemes/clientAuthentication'], gone, 'scheme-removed'],
    [
      'client authentication is no longer known',
      ['arzamed', `${token}/post/security`],
      [{ clientCredentials: [] }],
      'security',
    ],
    [
      'the grant type is another',
      ['arzamed', '/components/schemas/TokenRequest/properties/grant_type/const'],
      'password',
      'enum',
    ],
    [
      'the secret must be in the form',
      ['arzamed', '/components/schemas/TokenRequest/required'],
      ['grant_type', 'scope', 'client_secret'],
      'required',
    ],
    ['the token type is another', ['arzamed', '/components/schemas/Token/properties/token_type/const'], 'DPoP', 'enum'],
    ['the token has no life', ['arzamed', '/components/schemas/Token/properties/expires_in'], gone, 'property-removed'],
    [
      'the life is optional',
      ['ferries', '/paths/~1connect~1token/post/responses/200/content/application~1json/schema/required'],
      ['access_token', 'token_type'],
      'required',
    ],
    ['the life is a text', ['arzamed', '/components/schemas/Token/properties/expires_in/type'], 'string', 'type'],
    // Requests
    [
      'a new parameter is required',
      ['ferries', `${find}/parameters/3`],
      { name: 'to', in: 'query', required: true, schema: {} },
      'required-parameter-added',
    ],
    ['a parameter becomes required', ['ferries', `${find}/parameters/1/required`], true, 'parameter-required'],
    ['a parameter is gone', ['ferries', `${find}/parameters`], [], 'parameter-removed'],
    ['a parameter is of another type', ['ferries', `${find}/parameters/1/schema/type`], 'boolean', 'type'],
    ['a parameter may be less', ['ferries', `${find}/parameters/1/schema/maximum`], 20, 'maximum'],
    ['a parameter has one value less', ['ferries', `${find}/parameters/2/schema/items/enum`], ['car'], 'enum'],
    ['a parameter has a pattern', ['ferries', `${find}/parameters/0/schema/pattern`], '^[A-Z]{2}$', 'pattern'],
    [
      'the body is of another media type',
      ['ferries', `${requestBody(book)}/content`],
      { 'application/xml': {} },
      'content-type-removed',
    ],
    ['a field of the body becomes required', ['ferries', `${booking}/required`], ['passengers', 'car'], 'required'],
    [
      'a field of the body is new and required',
      ['ferries', `${booking}/required`],
      ['passengers', 'email'],
      'required',
    ],
    ['a field of the body is gone', ['ferries', `${booking}/properties/car`], gone, 'property-removed'],
    ['a field of the body may not be null', ['ferries', `${booking}/properties/car/nullable`], false, 'type'],
    ['a number must be larger', ['ferries', `${booking}/properties/passengers/minimum`], 2, 'minimum'],
    // Answers
    [
      'a status of success is another',
      ['ferries', `${book}/responses`],
      { 200: { description: '' } },
      'status-removed',
    ],
    ['a status of failure is gone', ['arzamed', `${doctors}/responses/503`], gone, 'status-removed'],
    [
      'the answer is of another media type',
      ['ferries', `${booked}/content`],
      { 'text/csv': {} },
      'content-type-removed',
    ],
    ['a field is gone', ['arzamed', `${doctor}/properties/name`], gone, 'property-removed'],
    ['a field is optional', ['arzamed', `${doctor}/required`], ['name'], 'required'],
    ['a field is of another type', ['arzamed', `${doctor}/properties/name/type`], 'integer', 'type'],
    ['a field may be null', ['arzamed', `${doctor}/properties/name/type`], ['string', 'null'], 'type'],
    [
      'an integer may be any number',
      ['ferries', `${booked}/content/application~1json/schema/properties/booking/type`],
      'number',
      'type',
    ],
    ['a field may be empty', ['arzamed', `${doctor}/properties/name`], { type: 'string' }, 'minLength'],
    ['a format is gone', ['arzamed', `${doctor}/properties/profileImage/format`], gone, 'format'],
    ['a value is new', ['arzamed', '/components/schemas/TokenError/properties/error/enum/6'], 'slow_down', 'enum'],
    [
      'a list becomes an object',
      ['arzamed', `${doctors}/responses/200/content/application~1json/schema`],
      { type: 'object' },
      'type',
    ],
    ['a header is gone', ['ferries', `${booked}/headers/Location`], gone, 'header-removed'],
    [
      'a header is optional',
      ['arzamed', `${doctors}/responses/401/headers/WWW-Authenticate/required`],
      false,
      'header-required',
    ],
    [
      'the error has another shape',
      ['ferries', '/components/schemas/Problem'],
      { type: 'object', required: ['detail'], properties: { detail: { type: 'string' } } },
      'property-removed',
    ],
    [
      'an alternative is new',
      ['ferries', '/components/schemas/Problem/properties/reason'],
      { oneOf: [{ type: 'string' }, { type: 'object' }] },
      'type',
    ],
  ])('%s', (_change, place, value, rule) => {
    expect(rulesOf(place, value)).toContain(`breaking ${rule}`);
  });
});

describe('breaks nothing', () => {
  const harmless: [change: string, place: Place, value: unknown, rule?: string][] = [
    ['a description is another', ['arzamed', `${doctors}/description`], 'Another.'],
    ['a summary is another', ['arzamed', `${doctors}/summary`], 'Another.'],
    ['an example is another', ['ferries', '/paths/~1ports/get/responses/200/content/application~1json/example'], ['A']],
    ['the version is another', ['arzamed', '/info/version'], '9'],
    ['tags are others', ['arzamed', `${doctors}/tags`], []],
    ['another server comes after the first', ['arzamed', '/servers/2'], { url: 'https://c.invalid' }],
    ['keys stand in another order', ['arzamed', `${doctor}/required`], ['profileImage', 'name']],
    [
      'a reference is written out',
      ['arzamed', `${doctors}/responses/200/content/application~1json/schema/items`],
      valueAt(documents.arzamed, fromPointer(doctor)),
    ],
    ['a name of a path parameter is another', ['ferries', '/components/parameters/SailingId/name'], 'sailing'],
    [
      'a path is new',
      ['arzamed', '/paths/~1rooms'],
      { get: { responses: { 200: { description: '' } } } },
      'operation-added',
    ],
    ['a method is new', ['arzamed', '/paths/~1equipe~1doctors/head'], { responses: {} }, 'operation-added'],
    [
      'an optional parameter is new',
      ['arzamed', `${doctors}/parameters`],
      [{ name: 'page', in: 'query' }],
      'parameter-added',
    ],
    ['a parameter becomes optional', ['ferries', `${find}/parameters/0/required`], false, 'parameter-required'],
    ['a parameter may be more', ['ferries', `${find}/parameters/1/schema/maximum`], 100, 'maximum'],
    ['a parameter has one value more', ['ferries', `${find}/parameters/2/schema/items/enum/2`], 'bike', 'enum'],
    [
      'a field of the body is new and optional',
      ['ferries', `${booking}/properties/bike`],
      { type: 'string' },
      'property-added',
    ],
    ['a field of the body becomes optional', ['ferries', `${booking}/required`], [], 'required'],
    ['the body is optional', ['ferries', `${requestBody(book)}/required`], false, 'body-required'],
    ['an answer has a new field', ['arzamed', `${doctor}/properties/room`], { type: 'integer' }, 'property-added'],
    [
      'an answer has one value less',
      ['arzamed', '/components/schemas/TokenError/properties/error/enum'],
      ['invalid_client'],
      'enum',
    ],
    [
      'a field of an answer is never null any more',
      ['arzamed', `${doctor}/properties/profileImage/type`],
      'string',
      'type',
    ],
    ['a text of an answer is longer', ['arzamed', `${doctor}/properties/name/minLength`], 2, 'minLength'],
    ['a status is new', ['arzamed', `${doctors}/responses/429`], { description: '' }, 'status-added'],
    ['a header is new', ['ferries', `${booked}/headers/ETag`], { schema: { type: 'string' } }, 'header-added'],
    ['a scope is new', ['arzamed', `${flow}/scopes/write`], 'Write.', 'scope-added'],
    [
      'an operation needs one scope less',
      ['ferries', `${book}/security/0/bookingOAuth`],
      ['sailings:read'],
      'security',
    ],
    ['an operation is for everybody', ['arzamed', `${doctors}/security`], [], 'security'],
    ['another way to authenticate is new', ['arzamed', '/security/1'], { clientAuthentication: [] }, 'security'],
  ];
  for (const [change, place, value, rule] of harmless) {
    test(change, () => {
      expect(rulesOf(place, value)).toEqual(rule === undefined ? [] : [`non-breaking ${rule}`]);
    });
  }
});
