import { describe, expect, test } from '@jest/globals';
import { brokenBy, changed, ferries, ferriesWith, kept, set, type Parts } from './ferries.ts';

const form = (content: string, more: object = {}): Parts => ({
  request: { body: { content, contentType: 'application/x-www-form-urlencoded' }, ...more },
});

describe('a request that the specification does not allow is told', () => {
  test.each<[string, string, Parts, string]>([
    [
      'a query parameter that is not described',
      'find',
      { request: { query: { from: ['HEL'], to: ['TLL'] } } },
      'parameter at $.request.query.to',
    ],
    ['a parameter that is missing', 'find', { request: { query: {} } }, 'parameter at $.request.query.from'],
    [
      'a parameter of another type',
      'find',
      { request: { query: { from: ['HEL'], limit: ['many'] } } },
      'parameter at $.request.query.limit',
    ],
    [
      'a list with a value that is not allowed',
      'find',
      { request: { query: { from: ['HEL'], deck: ['car', 'roof'] } } },
      'parameter at $.request.query.deck',
    ],
    [
      'a path parameter of another type',
      'book',
      { request: { path: '/v2/sailings/first/bookings' } },
      'parameter at $.request.path',
    ],
    [
      'a body with a property that is not allowed',
      'book',
      { request: { body: { content: { passengers: 1, dog: true }, contentType: 'application/json' } } },
      'body at $.request.body.dog',
    ],
    ['no body', 'book', { request: { body: undefined } }, 'body at $.request.body'],
    [
      'a body that nobody wants',
      'cancel',
      { request: { body: { content: {}, contentType: 'application/json' } } },
      'body at $.request.body',
    ],
    [
      'another content type',
      'book',
      { request: { body: { content: 'passengers=1', contentType: 'application/x-www-form-urlencoded' } } },
      "content type at $.request.headers['Content-Type']",
    ],
    ['no token', 'find', { request: { headers: {} } }, 'security at $.request.headers.Authorization'],
    [
      'another kind of authorization',
      'find',
      { request: { headers: { Authorization: 'Basic eDp5' } } },
      'security at $.request.headers.Authorization',
    ],
    [
      'an answer that does not come so',
      'find',
      { request: { headers: { Authorization: 'Bearer x', Accept: 'text/html' } } },
      'accept at $.request.headers.Accept',
    ],
    ['a path that is not there', 'cancel', { request: { path: '/v2/boking/7' } }, 'path at $.request.path'],
    ['a method that is not there', 'cancel', { request: { method: 'PATCH' } }, 'method at $.request.method'],
    ['a form without what it needs', 'token', form('scope=sailings%3Aread'), 'body at $.request.body.grant_type'],
    ['a grant type of no flow', 'token', form('grant_type=password'), 'flow at $.request.body.grant_type'],
    [
      'a scope that no flow has',
      'token',
      form('grant_type=client_credentials&scope=ports'),
      'scope at $.request.body.scope',
    ],
    [
      'a client that does not authenticate',
      'token',
      { request: { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } } },
      'client authentication at $.request.headers.Authorization',
    ],
    ['a token from somewhere else', 'token', { request: { path: '/connect/tokens' } }, 'token URL at $.request.path'],
  ])('%s', (_name, interaction, parts, expected) => {
    expect(brokenBy(ferries, changed(interaction, parts))).toContain(expected);
  });
});

describe('a request that the specification allows is no gap', () => {
  test.each<[string, string, Parts]>([
    [
      'lists in one parameter and in several',
      'find',
      { request: { query: { from: ['HEL'], deck: ['car', 'passenger'] } } },
    ],
    [
      'credentials in the form',
      'token',
      form('grant_type=client_credentials&client_id=a&client_secret=b', {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
    ],
    ['a path without that of the server', 'cancel', { request: { path: '/bookings/7' } }],
    [
      'an empty value of a nullable property',
      'book',
      { request: { body: { content: { passengers: 1, car: null }, contentType: 'application/json' } } },
    ],
  ])('%s', (_name, interaction, parts) => {
    expect(brokenBy(ferries, changed(interaction, parts))).toEqual([]);
  });
});

describe('a request that is to be refused need not be allowed', () => {
  test.each<[string, string, Parts, number]>([
    ['no token', 'find', { request: { headers: {} } }, 422],
    ['no port', 'find', { request: { query: {} } }, 422],
    ['a body without passengers', 'book', { request: { body: { content: {}, contentType: 'application/json' } } }, 422],
    ['a wrong scope', 'token', form('grant_type=client_credentials&scope=ports'), 400],
  ])('%s', (_name, interaction, { request = {} }, status) => {
    const response = { status, headers: {}, body: undefined, matchingRules: undefined };
    expect(brokenBy(ferries, changed(interaction, { request, response }))).toEqual([]);
  });

  test('but its path must be there', () => {
    const lost = { request: { path: '/v2/elsewhere' }, response: { status: 422 } };
    expect(brokenBy(ferries, changed('find', lost))).toEqual(['path at $.request.path']);
  });
});

describe('security', () => {
  test('an alternative that is open to all asks for nothing', () => {
    const document = ferriesWith(set('/security', [{ bookingOAuth: ['sailings:read'] }, {}]));
    expect(brokenBy(document, changed('find', { request: { headers: {} } }))).toEqual([]);
  });

  test('all schemes of one alternative are asked for', () => {
    const document = ferriesWith((each) => {
      set('/components/securitySchemes/key', { type: 'apiKey', in: 'query', name: 'key' })(each);
      set('/security', [{ bookingOAuth: ['sailings:read'], key: [] }])(each);
    });
    expect(brokenBy(document, changed('find', {}))).toEqual(['security at $.request.headers.Authorization']);
    expect(brokenBy(document, changed('find', { request: { query: { from: ['HEL'], key: ['x'] } } }))).toEqual([]);
  });

  test('a scope that no token request of the contracts asks for', () => {
    const token = changed('token', form('grant_type=client_credentials&scope=sailings%3Aread'));
    expect(brokenBy(ferries, { ...token, ...changed('cancel', {}) })).toEqual([
      'scope at $.request.headers.Authorization',
    ]);
    expect(brokenBy(ferries, { ...token, ...changed('find', {}) })).toEqual([]);
  });

  test('a token request may follow a path with parameters', () => {
    const document = ferriesWith((each) => {
      const paths = Object(each['paths']);
      paths['/connect/{tenant}/token'] = {
        ...paths['/connect/token'],
        parameters: [{ name: 'tenant', in: 'path', required: true, schema: { type: 'string' } }],
      };
      delete paths['/connect/token'];
      set(
        '/components/securitySchemes/bookingOAuth/flows/clientCredentials/tokenUrl',
        'https://id.ferries.example/connect/any/token',
      )(each);
    });
    expect(brokenBy(document, changed('token', { request: { path: '/connect/ours/token' } }))).toEqual([]);
    expect(brokenBy(document, kept)).toContain('token URL at $.request.path');
  });
});
