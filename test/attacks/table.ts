// What was tried against the mock, and what happens. Each row is one attack; attacks.test.ts runs them by kind.

/** Bytes over one connection: `{path}` is the path of an operation, `{token}` a good token. */
export const requests: [tried: string, bytes: string, happens: RegExp][] = [
  [
    'Content-Length and chunks',
    post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
    /^HTTP\/1\.1 400 /,
  ],
  ['two lengths', post('Content-Length: 5\r\nContent-Length: 6', 'abcdef'), /^HTTP\/1\.1 400 /],
  ['a folded header', get('X: a\r\n b'), /^HTTP\/1\.1 400 /],
  ['a line end without CR', get('X: a\nY: b'), /^HTTP\/1\.1 400 /],
  ['NUL in a header', get('X: a\0b'), /^HTTP\/1\.1 400 /],
  ['an escape sequence of terminals', get('X: \u001B[31m'), /^HTTP\/1\.1 400 /],
  ['a space before the colon', get('Host : b'), /^HTTP\/1\.1 400 /],
  ['a head of 20 KB', get(`X: ${'x'.repeat(20_000)}`), /^HTTP\/1\.1 431 /],
  ['300 headers', get('X: 1\r\n'.repeat(300).trim()), /^HTTP\/1\.1 (200|431) /],
  ['two hosts', get('Host: elsewhere.invalid'), /^HTTP\/1\.1 400 .*more than one Host header/s],
  ['two hosts at an unknown path', line('GET /x', 'Host: elsewhere.invalid'), /^HTTP\/1\.1 400 .*more than one Host/s],
  ['no host', 'GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['an expectation that is none', get('Expect: banana'), /^HTTP\/1\.1 417 .*no expectation but 100-continue/s],
  ['CONNECT', 'CONNECT a.invalid:443 HTTP/1.1\r\nHost: a.invalid\r\n\r\n', /^HTTP\/1\.1 405 .*no proxy/s],
  ['HTTP/2 by prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['TLS', '\u0016\u0003\u0001\u0002\0\u0001\0', /^HTTP\/1\.1 400 /],
  ['16,000 slashes', line(`GET /${'/'.repeat(15_000)}x`), /^HTTP\/1\.1 404 /],
  ['thousands of segments', line(`GET /${'a/'.repeat(7000)}`), /^HTTP\/1\.1 404 /],
  ['escapes of escapes', line(`GET /%${'25'.repeat(7000)}`), /^HTTP\/1\.1 404 /],
  ['15,000 letters beside a byte that is no UTF-8', line(`GET /%ff/${'a'.repeat(15_000)}`), /^HTTP\/1\.1 404 /],
  ['a name that every object has', line('GET /__proto__/constructor'), /^HTTP\/1\.1 404 /],
  ['a way out of the folder', line('GET /..%2f..%2fetc/passwd'), /^HTTP\/1\.1 404 /],
];

/** Headers of a `GET` of the control API. */
export const callers: [tried: string, headers: Record<string, string>, happens: 200 | 403][] = [
  ['this machine', { Host: 'localhost:1' }, 200],
  ['its address in IPv6', { Host: '[::1]:1' }, 200],
  ['another host, as by DNS rebinding', { Host: 'evil.example' }, 403],
  ['a host that begins like this one', { Host: 'localhost.evil.example' }, 403],
  ['a host that ends like this one', { Host: 'evil.example#localhost' }, 403],
  ['a name that leads here', { Host: '127.0.0.1.nip.io' }, 403],
  ['user information', { Host: 'localhost@evil.example' }, 403],
  ['all addresses', { Host: '0.0.0.0' }, 403],
  ['a page of another origin', { Origin: 'http://evil.example' }, 403],
  ['a page of another port', { Origin: 'http://127.0.0.1:1' }, 403],
  ['a page in a sandbox', { Origin: 'null' }, 403],
  ['an image of another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['an image of another port', { 'Sec-Fetch-Site': 'same-site' }, 403],
  ['the page of the mock', { 'Sec-Fetch-Site': 'same-origin' }, 200],
  ['the address bar', { 'Sec-Fetch-Site': 'none' }, 200],
];

/** Requests to the control API. */
export const controls: [tried: string, path: string, body: string, status: number, says: string][] = [
  ['a prototype', '/faults', '{"__proto__":{"status":500}}', 400, 'no such property'],
  ['a prototype as a clinic', '/keys', '{"clinic":"__proto__"}', 404, '__proto__'],
  ['a header of two lines', '/faults', '{"headers":{"a":"b\\r\\nc: d"}}', 400, '$.headers.a'],
  ['a header that frames', '/faults', '{"headers":{"Content-Length":"5"}}', 400, 'Content-Length'],
  ['nesting', '/faults', `{"body":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'nested too deeply'],
  ['a median without end', '/faults', '{"delay":{"median":1e308,"sigma":1}}', 400, '$.delay.median'],
  ['no instant', '/keys', '{"clinic":"nuovo","expiresAt":"2026-02-30T00:00:00Z"}', 400, 'date-time'],
];

/** How a client may write a secret where the journal shows what was sent. */
export const writings: [tried: string, write: (secret: string) => string][] = [
  ['as it is', (secret) => secret],
  ['with each letter escaped', escaped],
  ['escaped twice', (secret) => escaped(secret).replaceAll('%', '%25')],
  ['escaped five times', (secret) => escaped(secret).replaceAll('%', '%25252525')],
  ['escaped, beside a byte that is no UTF-8', (secret) => `${escaped(secret)}%ff`],
  ['escaped, beside an escape that is none', (secret) => `${escaped(secret)}%zz`],
  ['in base64', (secret) => encodeURIComponent(Buffer.from(`:${secret}`).toString('base64'))],
  ['in the base64 of URLs', (secret) => Buffer.from(`"${secret}"`).toString('base64url')],
  ['in hexadecimal', (secret) => Buffer.from(secret).toString('hex').toUpperCase()],
  ['in UTF-16', (secret) => escaped(secret).replaceAll(/%../g, '$&%00')],
  ['in entities of HTML', (secret) => secret.replaceAll(/./g, (letter) => `&%23x${hexOf(letter)};`)],
  ['in escapes of JSON', (secret) => secret.replaceAll(/./g, (letter) => `%5Cu00${hexOf(letter)}`)],
  ['in escapes of scripts', (secret) => secret.replaceAll(/./g, (letter) => `%u00${hexOf(letter)}`)],
  ['in Basic', (secret) => encodeURIComponent(Buffer.from(`bianchi-backend:${secret}`).toString('base64'))],
];

/** A schema, a request that it meets, and the status of the answer, which comes within a second. */
export interface Hostile {
  tried: string;
  /** Of the request's body, or of a query parameter with `query`, or of the answer with neither. */
  schema: object;
  body?: string;
  type?: string;
  query?: string;
  prefer?: string;
  happens: number;
}

const many = Array.from({ length: 100_000 }, (_, index) => index);

export const documents: Hostile[] = [
  {
    tried: 'a pattern of exponential time',
    schema: { pattern: '^(a+)+$' },
    body: quoted('a'.repeat(40), '!'),
    happens: 422,
  },
  { tried: 'the same in a query', schema: { pattern: '^(a+)+$' }, query: `${'a'.repeat(40)}!`, happens: 422 },
  { tried: 'the same with a megabyte', schema: { pattern: '(a*)*b' }, body: quoted('a'.repeat(900_000)), happens: 422 },
  {
    tried: 'a pattern that looks ahead',
    schema: { pattern: '^(?=(a+)+$)' },
    body: quoted('a'.repeat(40), '!'),
    happens: 422,
  },
  {
    tried: 'a pattern that refers back',
    schema: { pattern: String.raw`^(a+)+\1$` },
    body: quoted('a'.repeat(40), '!'),
    happens: 422,
  },
  {
    tried: 'a pattern for names',
    schema: { type: 'object', patternProperties: { '^(a+)+$': false } },
    body: `{"${'a'.repeat(40)}!":1}`,
    happens: 200,
  },
  {
    tried: 'a format of quadratic time',
    schema: { format: 'url' },
    body: quoted('http://', 'a:'.repeat(400_000)),
    happens: 422,
  },
  { tried: 'unique items', schema: { type: 'array', uniqueItems: true }, body: JSON.stringify(many), happens: 200 },
  {
    tried: 'a mistake in each item',
    schema: { type: 'array', items: { type: 'string' } },
    body: JSON.stringify(many),
    happens: 422,
  },
  { tried: '100,000 allowed values', schema: { enum: many }, body: '"x"', happens: 422 },
  { tried: 'deep JSON', schema: { type: 'array' }, body: '['.repeat(400_000), happens: 400 },
  {
    tried: '100,000 fields of a form',
    schema: { type: 'object' },
    body: 'a=1&'.repeat(100_000),
    type: 'application/x-www-form-urlencoded',
    happens: 400,
  },
  {
    tried: 'spaces in the head of a part',
    schema: { type: 'object' },
    body: `--b\r\nContent-Disposition: form-data; name=a\r\nContent-Type: a${' '.repeat(400_000)}b\r\n\r\n1\r\n--b--`,
    type: 'multipart/form-data; boundary=b',
    happens: 200,
  },
  { tried: 'a text of 900 MB', schema: { type: 'string', minLength: 9e8 }, happens: 200 },
  {
    tried: 'the same, made up each time',
    schema: { type: 'string', minLength: 9e8 },
    prefer: 'dynamic=true',
    happens: 200,
  },
  {
    tried: 'a thousand million items',
    schema: { type: 'array', minItems: 1e9, items: { type: 'string' } },
    prefer: 'dynamic=true',
    happens: 200,
  },
  {
    tried: 'five million properties',
    schema: { type: 'object', minProperties: 5e6, additionalProperties: { type: 'string' } },
    happens: 200,
  },
  {
    tried: 'a pattern of a million letters',
    schema: { type: 'string', pattern: '^(a{1000}){1000}$' },
    prefer: 'dynamic=true',
    happens: 200,
  },
  {
    tried: '100 million words of Faker',
    schema: { type: 'string', 'x-faker': { 'lorem.words': [1e8] } },
    prefer: 'dynamic=true',
    happens: 200,
  },
  {
    tried: 'schemas that share parts',
    schema: { $ref: '#/components/schemas/S0' },
    prefer: 'dynamic=true',
    happens: 200,
  },
  {
    tried: 'a value without an end',
    schema: { $ref: '#/components/schemas/Loop' },
    prefer: 'dynamic=true',
    happens: 200,
  },
];

/** Each refers twice to the next; and one that needs itself. */
export const schemas = Object.fromEntries([
  ...Array.from({ length: 27 }, (_, index) => {
    const next = { $ref: `#/components/schemas/S${index + 1}` };
    return [`S${index}`, { type: 'object', properties: { a: next, b: next } }];
  }),
  ['S27', { type: 'string' }],
  ['Loop', { type: 'object', required: ['next'], properties: { next: { $ref: '#/components/schemas/Loop' } } }],
]);

function line(start: string, header = 'X: y'): string {
  return `${start} HTTP/1.1\r\nHost: a\r\n${header}\r\nConnection: close\r\n\r\n`;
}

function get(header: string): string {
  return line('GET {path}', `Authorization: Bearer {token}\r\n${header}`);
}

function post(headers: string, body: string): string {
  return `POST {path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`;
}

function escaped(text: string): string {
  return hexOf(text).replaceAll(/../g, '%$&');
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}

function quoted(...texts: string[]): string {
  return JSON.stringify(texts.join(''));
}

/** What stands in a document in place of a schema, beside a pipe `pipe.yaml` and a `../secret.txt`. */
export const files: [tried: string, schema: string, more: string, happens: RegExp][] = [
  ['aliases that grow to gigabytes', '{}', bombOf(9), /^.*: The specification is neither YAML nor JSON/],
  ['schemas 3,000 deep', `${'{items: '.repeat(3000)}{}${'}'.repeat(3000)}`, '', /nested too deeply/],
  ['a value 20,000 deep', `{example: ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, '', /nested too deeply/],
  ['a reference to a pipe', '{$ref: pipe.yaml}', '', /It is no regular file/],
  ['a reference to what the kernel shows', '{$ref: /proc/self/environ}', '', /It is no regular file/],
  ['a reference to a device', '{$ref: /dev/zero}', '', /It is no regular file/],
  ['a reference to a server', "{$ref: 'http://127.0.0.1:9/x.yaml'}", '', /fetches nothing/],
  ['a reference to any text', '{$ref: ../secret.txt}', '', /not valid OpenAPI/],
  ['a reference in data', '{example: {$ref: ../secret.txt}}', '', /^served$/],
  [
    'references in a circle',
    "{$ref: '#/x-parts/a'}",
    "x-parts: {a: {$ref: '#/x-parts/b'}, b: {$ref: '#/x-parts/a'}}",
    /^served$/,
  ],
  ['parts shared 27 deep', "{$ref: '#/x-parts/s0'}", sharedOf(27), /^served$/],
];

function bombOf(levels: number): string {
  const list = (item: string): string => `[${Array.from({ length: 9 }, () => item).join(',')}]`;
  const lines = Array.from({ length: levels }, (_, level) => `x-${level + 1}: &a${level + 1} ${list(`*a${level}`)}`);
  return [`x-0: &a0 ${list('x')}`, ...lines].join('\n');
}

function sharedOf(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const next = `{$ref: '#/x-parts/s${level + 1}'}`;
    return `  s${level}: {type: object, properties: {a: ${next}, b: ${next}}}`;
  });
  return ['x-parts:', ...lines, `  s${levels}: {type: string}`].join('\n');
}
