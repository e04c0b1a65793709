import { describe, expect, test } from '@jest/globals';
import { checkGuarantees } from '../../src/verify/guarantee/check-guarantees.ts';
import { brokenBy, contractOf, ferries, ferriesWith, kept, set } from '../verify/guarantee/ferries.ts';

const sailing = '/components/schemas/Sailing';
const found = '/paths/~1sailings/get';
const booking = '/paths/~1sailings~1{sailingId}~1bookings/post';
const token = '/paths/~1connect~1token/post';
const flow = '/components/securitySchemes/bookingOAuth/flows/clientCredentials';

test('a contract that the specification keeps has no gap, and nothing of it stays open', () => {
  const verdicts = checkGuarantees(ferries, [contractOf(kept)]);
  expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
  expect(new Set(verdicts.map(({ interaction }) => interaction))).toEqual(new Set(Object.keys(kept)));
});

describe('a change of the specification that breaks the contract is told by one rule alone', () => {
  test.each<[string, string, unknown, string]>([
    [
      'a property that is no longer required',
      `${sailing}/required`,
      ['id', 'delay', 'legs'],
      'required at $.response.body[*].ship',
    ],
    ['a property that may be null', `${sailing}/properties/ship/nullable`, true, 'null at $.response.body[*].ship'],
    ['a property of another type', `${sailing}/properties/id/type`, 'number', 'type at $.response.body[*].id'],
    [
      'a property of another type within an item',
      '/components/schemas/Leg/properties/to/type',
      'integer',
      'type at $.response.body[*].legs[*].to',
    ],
    [
      'a body of another type',
      `${found}/responses/200/content/application~1json/schema`,
      { type: 'object' },
      'type at $.response.body',
    ],
    [
      'a value that is not among those of an enum',
      `${token}/responses/200/content/application~1json/schema/properties/token_type/enum`,
      ['Bearer'],
      'example at $.response.body.token_type',
    ],
    ['a status that is gone', `${booking}/responses/201`, undefined, 'status at $.response.status'],
    [
      'a header that is no longer required',
      `${booking}/responses/201/headers/Location/required`,
      false,
      'header at $.response.headers.Location',
    ],
    ['a header that is gone', `${booking}/responses/201/headers`, {}, 'header at $.response.headers.Location'],
    [
      'a body that is gone',
      `${booking}/responses/201/content`,
      {},
      "content type at $.response.headers['Content-Type']",
    ],
    [
      'another content type',
      `${booking}/responses/201/content`,
      { 'application/xml': {} },
      "content type at $.response.headers['Content-Type']",
    ],
    [
      'a parameter of another form',
      `${found}/parameters/0/schema/pattern`,
      '^\\d+$',
      'parameter at $.request.query.from',
    ],
    [
      'a parameter with a smaller bound',
      `${found}/parameters/1/schema/maximum`,
      5,
      'parameter at $.request.query.limit',
    ],
    [
      'an item of a list that is not allowed any more',
      `${found}/parameters/2/schema/items/enum`,
      ['passenger'],
      'parameter at $.request.query.deck',
    ],
    [
      'a path parameter of another form',
      '/components/parameters/SailingId/schema/minimum',
      100,
      'parameter at $.request.path',
    ],
    [
      'a body that needs more',
      `${booking}/requestBody/content/application~1json/schema/required`,
      ['passengers', 'car'],
      'body at $.request.body.car',
    ],
    [
      'a body that may hold less',
      `${booking}/requestBody/content/application~1json/schema/properties`,
      { car: {} },
      'body at $.request.body.passengers',
    ],
    [
      'another content type of the request',
      `${booking}/requestBody/content`,
      { 'text/plain': {} },
      "content type at $.request.headers['Content-Type']",
    ],
    ['a body of the request that is gone', `${booking}/requestBody`, undefined, 'body at $.request.body'],
    [
      'a grant type that is not allowed',
      `${token}/requestBody/content/application~1x-www-form-urlencoded/schema/properties/grant_type/enum`,
      ['password'],
      'body at $.request.body.grant_type',
    ],
    [
      'a field of the form that is required',
      `${token}/requestBody/content/application~1x-www-form-urlencoded/schema/required`,
      ['grant_type', 'audience'],
      'body at $.request.body.audience',
    ],
    ['another token URL', `${flow}/tokenUrl`, 'https://id.ferries.example/oauth/token', 'token URL at $.request.path'],
    [
      'a scope that the flow does not have any more',
      `${flow}/scopes`,
      { 'sailings:read': '' },
      'scope at $.request.body.scope',
    ],
    [
      'another flow',
      '/components/securitySchemes/bookingOAuth/flows',
      {
        password: {
          tokenUrl: 'https://id.ferries.example/connect/token',
          scopes: { 'sailings:read': '', 'bookings:write': '' },
        },
      },
      'flow at $.request.body.grant_type',
    ],
    [
      'an operation that asks for another scope',
      '/paths/~1bookings~1{bookingId}/delete/security',
      [{ bookingOAuth: ['bookings:delete'] }],
      'scope at $.request.headers.Authorization',
    ],
    [
      'a token endpoint that asks for a certificate and a key',
      `${token}/security`,
      [{ key: [] }],
      'client authentication at $.request.headers.Authorization',
    ],
    ['a path that is gone', '/paths/~1bookings~1{bookingId}', undefined, 'path at $.request.path'],
    ['a method that is gone', '/paths/~1bookings~1{bookingId}/delete', undefined, 'method at $.request.method'],
    [
      'a new parameter that is required',
      `${found}/parameters/3`,
      { name: 'to', in: 'query', required: true, schema: {} },
      'parameter at $.request.query.to',
    ],
    [
      'a new header that is required',
      `${found}/parameters/3`,
      { name: 'X-Line', in: 'header', required: true, schema: {} },
      "header at $.request.headers['X-Line']",
    ],
    [
      'a parameter that is gone',
      `${found}/parameters/2`,
      { name: 'other', in: 'query', schema: {} },
      'parameter at $.request.query.deck',
    ],
    [
      'operations that ask for basic authentication',
      '/components/securitySchemes/bookingOAuth',
      { type: 'http', scheme: 'basic' },
      'security at $.request.headers.Authorization',
    ],
    [
      'operations that ask for a key',
      '/components/securitySchemes/bookingOAuth',
      { type: 'apiKey', in: 'header', name: 'X-Key' },
      'security at $.request.headers.Authorization',
    ],
    ['another path of the server', '/servers/0/url', 'https://{region}.ferries.example/v3', 'path at $.request.path'],
  ])('%s', (_name, pointer, value, expected) => {
    const gaps = brokenBy(ferriesWith(set(pointer, value)), kept);
    expect(gaps).toContain(expected);
    expect(new Set(gaps.map((gap) => gap.split(' at ')[0]))).toEqual(new Set([expected.split(' at ')[0]]));
  });
});
