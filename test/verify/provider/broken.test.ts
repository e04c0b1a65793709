// A provider that breaks the contract in one place: that place is named, and no other.
import { describe, expect, test } from '@jest/globals';
import { shareVerifier } from '../../support/shared-verifier.ts';
import { brief, contractOf, json, jsonBody, serve, verify } from './support.ts';

shareVerifier();

const and = (...matchers: object[]): object => ({ combine: 'AND', matchers });

const contract = contractOf({
  response: {
    headers: { 'Content-Type': ['application/json'], 'X-Total': ['1'] },
    body: jsonBody({ things: [{ name: 'One', size: 1, link: null, 'made at': '2020-01-01' }], next: null }),
    matchingRules: {
      header: { 'X-Total': and({ match: 'regex', regex: String.raw`^\d+$` }) },
      body: {
        '$.things': and({ match: 'type', min: 1 }),
        '$.things[*].name': and({ match: 'type' }, { match: 'regex', regex: '^[A-Z].*$' }),
        '$.things[*].size': and({ match: 'integer' }),
        '$.things[*].link': and({ match: 'null' }),
        "$.things[*]['made at']": and({ match: 'date', format: 'yyyy-MM-dd' }),
      },
    },
  },
});

const thing = { name: 'Two', size: 2, link: null, 'made at': '2021-01-01' };
const good = { things: [thing, thing], next: null };
const headers = { 'X-Total': '2' };

const at = (place: string): string => `$.response.${place}`;

describe('a provider that breaks the contract', () => {
  test('is not one that adds fields and items', async () => {
    await using provider = await serve((_request, response) =>
      json(response, 200, { ...good, things: [{ ...thing, more: 1 }, thing], more: [] }, headers),
    );
    const verdicts = await verify(provider, [contract]);
    expect(brief(verdicts)).toEqual([
      `holds status ${at('status')}`,
      `holds header ${at("headers['Content-Type']")}`,
      `holds header ${at("headers['X-Total']")}`,
      `holds body ${at('body.things[*].name')}`,
      `holds body ${at('body.things[*].size')}`,
      `holds body ${at('body.things[*].link')}`,
      `holds body ${at("body.things[*]['made at']")}`,
      `holds body ${at('body.next')}`,
    ]);
  });

  test.each([
    ['another status', 404, good, headers, 'status', at('status')],
    ['no header', 200, good, {}, 'header', at("headers['X-Total']")],
    ['a header of another form', 200, good, { 'X-Total': 'two' }, 'header', at("headers['X-Total']")],
    [
      'a field less in one item',
      200,
      { ...good, things: [thing, { ...thing, name: undefined }] },
      headers,
      'required',
      at('body.things[*].name'),
    ],
    ['a field less at the top', 200, { things: [thing] }, headers, 'required', at('body.next')],
    [
      'null in one item',
      200,
      { ...good, things: [thing, { ...thing, name: null }] },
      headers,
      'type',
      at('body.things[*].name'),
    ],
    ['another type', 200, { ...good, things: [{ ...thing, name: 2 }] }, headers, 'type', at('body.things[*].name')],
    [
      'a number for an integer',
      200,
      { ...good, things: [{ ...thing, size: 2.5 }] },
      headers,
      'type',
      at('body.things[*].size'),
    ],
    [
      'something for null',
      200,
      { ...good, things: [{ ...thing, link: 'x' }] },
      headers,
      'type',
      at('body.things[*].link'),
    ],
    [
      'another pattern',
      200,
      { ...good, things: [{ ...thing, name: 'two' }] },
      headers,
      'pattern',
      at('body.things[*].name'),
    ],
    [
      'another format',
      200,
      { ...good, things: [{ ...thing, 'made at': 'today' }] },
      headers,
      'format',
      at("body.things[*]['made at']"),
    ],
    ['too few items', 200, { ...good, things: [] }, headers, 'length', at('body.things')],
    ['an object for an array', 200, { ...good, things: {} }, headers, 'type', at('body.things')],
    ['another value', 200, { ...good, next: 'x' }, headers, 'type', at('body.next')],
    ['a body of another shape', 200, [good], headers, 'type', at('body')],
  ] as const)('is seen by %s', async (_name, status, body, headers, rule, place) => {
    await using provider = await serve((_request, response) => json(response, status, body, headers));
    const broken = (await verify(provider, [contract])).filter(({ result }) => result !== 'holds');
    expect(brief(broken)).toEqual([`broken ${rule} ${place}`]);
  });

  test('is seen by another content type, by JSON that is broken off, and by no body', async () => {
    const bodies: [string, string, string][] = [
      ['text/plain', '{}', 'content type'],
      ['application/json', '{"things":', 'syntax'],
      ['application/json', '', 'required'],
    ];
    for (const [type, body, rule] of bodies) {
      await using provider = await serve(
        (_request, response) => void response.writeHead(200, { 'Content-Type': type, ...headers }).end(body),
      );
      const broken = (await verify(provider, [contract])).filter(({ result }) => result !== 'holds');
      expect(brief(broken)).toContain(`broken ${rule} ${at('body')}`);
    }
  });

  test('is seen by a redirect, which nobody follows', async () => {
    await using provider = await serve(({ path }, response) =>
      path === '/things'
        ? void response.writeHead(302, { Location: '/elsewhere' }).end()
        : json(response, 200, good, headers),
    );
    const verdicts = await verify(provider, [contract]);
    expect(brief(verdicts)).toContain(`broken status ${at('status')}`);
    expect(provider.seen.map(({ path }) => path)).toEqual(['/things']);
  });

  test.each([
    [
      '2.0.0',
      {
        providerState: '',
        response: { status: 200, body: { a: 'x' }, matchingRules: { '$.body.a': { match: 'type' } } },
      },
    ],
    [
      '3.0.0',
      { response: { status: 200, body: { a: 'x' }, matchingRules: { body: { '$.a': and({ match: 'type' }) } } } },
    ],
  ])('is seen by a contract of version %s', async (version, interaction) => {
    const content = {
      consumer: { name: 'c' },
      provider: { name: 'p' },
      interactions: [{ description: 'd', request: { method: 'GET', path: '/things' }, ...interaction }],
      metadata: { pactSpecification: { version } },
    };
    await using provider = await serve((_request, response) => json(response, 200, { a: 1 }));
    const verdicts = await verify(provider, [{ file: 'old.json', content }]);
    expect(brief(verdicts)).toEqual([`broken type ${at('body.a')}`, `holds status ${at('status')}`]);
  });
});
