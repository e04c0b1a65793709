// What hostile requests ask for: the operations of the vendor's API and of the control API, and paths that are nobody's.
// A token stands as its name in braces.
import * as fc from 'fast-check';
import { operationTable } from '../../src/generated/control/operations.ts';
import { nested, oddBody, withOddHeaders, type Draft } from './hostile-http.ts';
import { basic } from './http.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

const authorization = fc.constantFrom(
  ...[
    '{good}',
    '{good}',
    '{good}',
    '{revoked}',
    '{tampered}',
    '{unsigned}',
    '{good}x',
    'x.{good}',
    '{good}, {good}',
  ].map((token) => [`Authorization: Bearer ${token}`]),
  ...[
    'Bearer',
    'Bearer \xff.\xfe.\xfd',
    `Bearer ${'.'.repeat(1000)}`,
    'Bearer a.b.c',
    'Digest x="',
    '\t',
    'Basic Og==',
  ].map((value) => [`Authorization: ${value}`]),
  ['Authorization: Bearer {good}', 'Authorization: Bearer {good}'],
  ['Authorization: Bearer nonsense', 'Authorization: Bearer {good}'],
  ['authorization: bearer {good}'],
  [],
);

/** Text of a URL. Those of fast-check build a table of all characters first, which takes seconds. */
function ofUrl(special: string): fc.Arbitrary<string> {
  const encoded = ['%20', '%00', '%2F', '%2e', '%C3%A9', '%F0%9F%92%89', '%EF%BF%BD'];
  return fc.string({ unit: fc.constantFrom(...Array.from(`azAZ09-._~${special}`), ...encoded) });
}

const doctors = '/api/v1/equipe/doctors';
const doctorsDraft: fc.Arbitrary<Draft> = fc.record({
  operationId: fc.constant('listDoctors'),
  method: fc.constant('GET'),
  target: fc
    .oneof(
      fc.constantFrom('', '', '?', '?a=1&a=2', '?x=%zz', '?__proto__=1', `?${'a=1&'.repeat(100)}`),
      ofUrl("/?:@!$&'()*+,;="),
    )
    .map((query) => (query === '' || query.startsWith('?') ? query : `?${query}`))
    .map((query) => doctors + query),
  headers: fc.tuple(authorization, fc.constantFrom([], [], ['Accept: text/html'])).map((lines) => lines.flat()),
  body: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oddBody }),
});

const credentials = { clientId: 'bianchi-backend', clientSecret: 'not-a-secret-bianchi-backend' };
const clientAuthentication = fc.constantFrom(
  [`Authorization: ${basic(credentials)}`],
  [`Authorization: ${basic(credentials)}`],
  [`Authorization: ${basic({ ...credentials, clientSecret: 'wrong' })}`],
  [`Authorization: ${basic({ clientId: '__proto__', clientSecret: '' })}`],
  ['Authorization: Basic ====', 'Authorization: Basic'],
  [`Authorization: Basic ${Buffer.from('\xff\x00:%zz', 'latin1').toString('base64')}`],
  [],
);

const rightForm = `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`;
const form = fc.oneof(
  fc.constantFrom(
    rightForm,
    rightForm,
    rightForm,
    'grant_type=password',
    'grant_type=',
    '=',
    '&&&',
    '%zz=1',
    'a=%ff',

    `${rightForm}&${rightForm}`,
    `${rightForm}&client_id=x&client_secret=y`,
    `${rightForm}&x=${'x'.repeat(70_000)}`,
    rightForm.replace('read', 'write'),
    'scope=&grant_type=client_credentials',
    '__proto__=1',
    'a&b&c',
  ),
  oddBody,
);

const tokenDraft: fc.Arbitrary<Draft> = fc
  .tuple(clientAuthentication, form, fc.constantFrom('bianchi', 'bianchi', 'bianchi', 'ricci', 'nobody', '%62ianchi'))
  .map(([client, body, clinic]) => ({
    operationId: 'requestToken',
    method: 'POST',
    target: `/auth/${clinic}/oauth2/token`,
    headers: ['Content-Type: application/x-www-form-urlencoded', ...client],
    body,
  }));

const methods = 'GET,GET,POST,HEAD,PUT,DELETE,PATCH,OPTIONS,TRACE,PROPFIND,QUERY,M-SEARCH'.split(',');
const targets = [
  doctors,
  '/',
  '//',
  '/%',
  '/%zz',
  '/%00',
  '/%ff%fe',
  '/..%2f..%2fetc/passwd',
  '/a/./b/../c',
  '/?',
  '/#',
  '*',
  `${doctors}/`,
  `${doctors}/7`,
  `/api/v1/bianchi/equipe/doctors`,
  `//evil${doctors}`,
  '/api/v1',
  '/__proto__',
  '/auth/%zz/.well-known/jwks.json',
  '/auth/bianchi/.well-known/jwks.json',
  '/auth//oauth2/token',
  '/_MOCK/health',
  `http://127.0.0.1${doctors}`,
  'http://[',
  'http://[::1/x',
  'http://',
  'https://evil.invalid:99999/',
  '/{good}',

  '/_mock',
  '/_mock/',
  '/_mock/%zz',
  '/_mock/keys/%zz/revoke',
  'http://evil.invalid/_mock/health',
  '/_mock//health',
  `/${'a/'.repeat(1000)}`,
];
const elsewhere: fc.Arbitrary<Draft> = fc.record({
  method: fc.constantFrom(...methods),
  target: fc.oneof(
    fc.constantFrom(...targets),
    ofUrl("/:@!$&'()*+,;=").map((path) => `/${path}`),
  ),
  headers: authorization,
  body: fc.oneof(fc.constant(''), oddBody),
});

const large: fc.Arbitrary<Draft> = doctorsDraft.map((draft) => ({ ...draft, body: 'x'.repeat(1_100_000) }));

/** Requests to the operations of the API, and to everything beside them. */
export const apiDraft = withOddHeaders(
  fc.oneof(
    { weight: 300, arbitrary: doctorsDraft },
    { weight: 300, arbitrary: tokenDraft },
    { weight: 300, arbitrary: elsewhere },
    { weight: 1, arbitrary: large },
  ),
);

const clientId = fc.constantFrom(
  'bianchi-backend',
  'ricci-backend',
  'issued',
  'nobody',
  '__proto__',
  ' ',
  'a'.repeat(300),
);
const clinic = fc.constantFrom('bianchi', 'ricci', 'nobody', '__proto__', '');
const time = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2200-01-01') })
    .map((date) => date.toISOString()),
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999999-23:59',
    '2016-12-31T23:59:60Z',
    '2026-02-30T00:00:00Z',
    'now',
  ),
);
const amount = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(1e12, -1e12, 1e13, 5e-324));
/** Stands for lists within lists, so many that to write them as JSON is more than `JSON.stringify` can. */
const deep = fc.constantFrom('<nested 300>', '<nested 20000>');
const doctor = fc.record({ name: fc.string(), profileImage: fc.constantFrom(null, 'https://a.invalid/1.jpg', 'x') });
const replacement = fc.oneof(fc.array(doctor), fc.array(doctor), fc.jsonValue(), deep);

const fault = fc.record(
  {
    operationId: fc.constantFrom('listDoctors', 'requestToken'),
    clinic: fc.constantFrom('bianchi', 'ricci'),
    count: fc.integer({ min: 1, max: 3 }),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    seconds: fc.constantFrom(1, 1e308),
    delay: fc.constantFrom({ milliseconds: 600_000 }, { from: 5, to: 1 }, { median: 10, sigma: 5 }),
    // What is injected may be an error; those of the server are the mock's own defects here.
    status: fc.integer({ min: 200, max: 499 }),
    headers: fc.dictionary(
      fc.constantFrom('X-A', 'Trailer', 'Content-Length', 'Transfer-Encoding', 'Date', 'Set-Cookie'),
      fc.constantFrom('', 'x', '5', 'chunked', 'close'),
    ),
    body: fc.oneof(fc.jsonValue(), deep),
    delivery: fc.constantFrom('reset', 'close', 'truncate', 'garbage', 'slow', 'chunked'),
    contentType: fc.constantFrom('text/html', ';'),
    expiresIn: amount,
  },
  { requiredKeys: [] },
);
/** A fault that is refused. */
const noFault = fc.constantFrom<Record<string, unknown>>(
  { operationId: 'nothing' },
  { clinic: '__proto__' },
  { count: -1 },
  { probability: 2 },
  { delay: { milliseconds: -1 } },
  { status: 100 },
  { headers: { 'a b': '' } },
  { headers: { a: 'a\r\nb' } },
  { contentType: '\u00fc' },
  { delivery: 'other' },
);

const providerState = fc.record(
  {
    state: fc.constantFrom('a key', 'a bearer token', 'the next answer', '', '__proto__', 'nothing'),
    action: fc.constantFrom('setup', 'teardown', 'x'),
    params: fc.record(
      {
        clinic,
        keyStatus: fc.constantFrom('active', 'revoked', 'expired', 'x'),
        expired: fc.boolean(),
        operationId: fc.constantFrom('listDoctors', 'requestToken', '__proto__'),
        status: fc.constantFrom(200, 401, 999),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

/** A body that each operation of the control API may understand. */
const bodies: Record<string, fc.Arbitrary<unknown>> = {
  issueKey: fc.record({ clinic, clientId, clientSecret: fc.string(), expiresAt: time }, { requiredKeys: ['clinic'] }),
  replaceAnswer: fc.record(
    { body: replacement, unchecked: fc.boolean(), additive: fc.boolean() },
    { requiredKeys: ['body'] },
  ),
  addFault: fc.oneof(fault, fault, fault, noFault),
  setClock: fc.record({ now: time }),
  advanceClock: fc.dictionary(fc.constantFrom('days', 'hours', 'minutes', 'seconds', 'milliseconds', 'years'), amount),
  changeProviderState: providerState,
};

const oddParameter = fc.constantFrom('__proto__', '%zz', '%00', '%2F', '', 'a%20b', 'x'.repeat(1000));
/** By the name of the parameter. */
const parameters: Record<string, fc.Arbitrary<string>> = {
  clinic: fc.constantFrom('bianchi', 'ricci', 'nobody'),
  operationId: fc.constantFrom('listDoctors', 'listDoctors', 'requestToken', 'nothing'),
  clientId: fc.constantFrom('bianchi-backend', 'bianchi-revoked', 'issued', 'nobody'),
  faultId: fc.constantFrom('fault-1', 'fault-2', 'fault-0'),
};
const targetOf = (path: string): fc.Arbitrary<string> => {
  const segments = path.split('/').map((segment) => {
    const known = parameters[segment.slice(1, -1)];
    return known
      ? fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: oddParameter })
      : fc.constant(segment);
  });
  return fc.tuple(...segments).map((filled) => `/_mock${filled.join('/')}`);
};
const controlQuery = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '?status=200',
      '?status=%00',
      '?clinic=bianchi&clinic=ricci',
      '?a',
      '?__proto__=1',
      '?method=%ff',
    ),
  },
);

function toBody(value: unknown): string {
  const text = JSON.stringify(value).replaceAll(/"<nested (\d+)>"/g, (_, depth: string) => nested(Number(depth)));
  return Buffer.from(text).toString('latin1');
}

function draftOf({
  id,
  method,
  path,
  requestTypes,
}: (typeof operationTable)[keyof typeof operationTable]): fc.Arbitrary<Draft> {
  const fitting = (bodies[id] ?? fc.jsonValue()).map(toBody);
  const needsNone = requestTypes.length === 0;
  return fc
    .tuple(
      targetOf(path),
      controlQuery,
      needsNone ? fc.oneof(fc.constant(''), fc.constant(''), oddBody) : fc.oneof(fitting, fitting, fitting, oddBody),
      fc.constantFrom([], [], ['Content-Type: application/json'], ['Content-Type: application/json; charset=nonsense']),
    )
    .map(([target, query, body, headers]) => ({ operationId: id, method, target: target + query, headers, body }));
}

// A stream has no end, and has tests of its own.
const { rotateSigningKeys, streamJournal: _stream, ...operations } = operationTable;

/** Requests to every operation of the control API. To rotate keys takes long, so it comes seldom. */
export const controlDraft = withOddHeaders(
  fc.oneof(
    { weight: 100, arbitrary: fc.oneof(...Object.values(operations).map(draftOf)) },
    {
      weight: 60,
      arbitrary: fc.oneof(
        ...[operations.advanceClock, operations.setClock, operations.addFault, operations.replaceAnswer].map(draftOf),
      ),
    },
    { weight: 1, arbitrary: draftOf(rotateSigningKeys) },
  ),
);

/** Right and wrong requests to the API, for a mock in an unknown state. */
export const afterFaults: fc.Arbitrary<Draft> = fc.oneof(doctorsDraft, tokenDraft);
