// Requests that a client should not send, as fast-check's arbitraries. Bytes are strings of one character each
// (latin1), so that a request can be put together and shown as text.
import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';

/** One request that HTTP allows, however odd. */
export interface Sent {
  method: string;
  /** The operation that it is for, if its target is that of one. */
  operationId?: string | undefined;
  bytes: string;
}

/** What is sent over one connection. */
export interface Trial {
  requests: Sent[];
  bytes: string;
  /**
   * `served`: each request is answered, and the last one asks for the connection's end. `refused`: the last one is
   * malformed, and the server ends the connection by itself. `cut`: anything, and then nothing more. `struck`: one
   * request whose answer a fault may have broken.
   */
  kind: 'served' | 'refused' | 'cut' | 'struck';
}

/** What a request is made of before it has a form on the wire. */
export interface Draft {
  operationId?: string | undefined;
  method: string;
  target: string;
  headers: readonly string[];
  body: string;
}

const byteString = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString('latin1'));

/** What a header's value may hold: no control characters but the tab. */
const fieldValue = byteString(40).map((text) => text.replaceAll(/[^\t -~\x80-\xff]/g, '').trim());

/** Lists within lists. */
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024)).toString('latin1');

/** Bodies of whatever kind. */
export const oddBody = fc.oneof(
  { weight: 6, arbitrary: byteString(200) },
  { weight: 4, arbitrary: fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('latin1')) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      nested(200),
      nested(20_000),
      '{"a":'.repeat(5000),
      '1e400',
      '-'.repeat(50),
      '9'.repeat(2000),
      '{"__proto__":{"x":1},"constructor":null}',
      '\xef\xbb\xbf{}',
      '\xff\xfe\x00',
      '\xed\xa0\x80',
      '\x00',
      bomb,
    ),
  },
);

const oddHeader = fc.oneof(
  fc.constantFrom(
    ...['text/html', '*/*;q=0', ';;;', 'application/json;q=2', 'a/b/c', '', ',', '*/*'].map((v) => `Accept: ${v}`),
    ...['code=200', 'code=999', 'code=abc', 'example=none', 'dynamic=true', 'code=403;', '='].map(
      (v) => `Prefer: ${v}`,
    ),
    ...['application/json', 'application/json; charset=latin9', 'text/plain', '/', ';', 'a\tb', 'application/xml'].map(
      (v) => `Content-Type: ${v}`,
    ),
    ...['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'identity', 'x'].map((v) => `Content-Encoding: ${v}`),
    ...['100-continue', '100-Continue, x', 'nonsense'].map((v) => `Expect: ${v}`),
    ...['h2c', 'websocket', 'HTTP/2.0'].map((v) => `Upgrade: ${v}\r\nConnection: Upgrade`),
    'Connection: keep-alive, X-Odd',
    'Connection: close',
    'Host: elsewhere.invalid',
    'Origin: https://evil.invalid',
    'X-HTTP-Method-Override: DELETE',
    'X-Forwarded-Host: evil.invalid',
    'Range: bytes=0-1',
    'If-None-Match: *',
    'If-Modified-Since: 99',
    `Cookie: ${'a=b; '.repeat(100)}`,
    `X-Large: ${'x'.repeat(3000)}`,
    `X-Larger: ${'x'.repeat(20_000)}`,
    'X-Many: 1\r\n'.repeat(300).trim(),
  ),
  fc.tuple(fc.constantFrom('Accept', 'Prefer', 'Content-Type', 'X-Odd', 'Cookie'), fieldValue).map((p) => p.join(': ')),
);

/** The same request with headers that few clients send. */
export function withOddHeaders(draft: fc.Arbitrary<Draft>): fc.Arbitrary<Draft> {
  const odd = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(oddHeader, { maxLength: 3 }) },
  );
  return fc.tuple(draft, odd).map(([each, more]) => ({ ...each, headers: [...each.headers, ...more] }));
}

/** A draft on the wire: its body behind a Content-Length, in chunks of any size, or left out where it is empty. */
function sent({ operationId, method, target, headers, body }: Draft, chunk: number, last: boolean): Sent {
  // After either of the two Node reads no further request; nobody who means it sends one.
  const kept = last ? headers : headers.filter((header) => !/^(Upgrade:|Connection: close)/.test(header));
  const head = [`${method} ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...kept, ...(last ? ['Connection: close'] : [])];
  const framing = body === '' ? [] : [chunk > 0 ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`];
  const bytes = [...head, ...framing, '', chunk > 0 && body !== '' ? inChunks(body, chunk) : body].join('\r\n');
  return { method, operationId, bytes };
}

function inChunks(body: string, size: number): string {
  // A chunk per byte is legal as well, but of a large body it is only slow.
  const step = Math.max(size, Math.ceil(body.length / 50));
  const pieces = Array.from({ length: Math.ceil(body.length / step) }, (_, index) =>
    body.slice(index * step, (index + 1) * step),
  );
  const extension = size % 3 === 0 ? ';name="a value"' : '';
  const trailer = size % 5 === 0 ? 'X-Trailer: 1\r\n' : '';
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`);
  return `${chunks.join('')}0\r\n${trailer}\r\n`;
}

/** Up to a few requests in a row, sent without waiting for answers. */
export function served(draft: fc.Arbitrary<Draft>): fc.Arbitrary<Trial> {
  const item = fc.tuple(draft, fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })));
  return fc.array(item, { minLength: 1, maxLength: 8 }).map((items) => {
    const row = items.map(([each, chunk], index) => sent(each, chunk, index === items.length - 1));
    // Node refuses more than 16 KiB; without `X-Larger` no request of these comes near.
    const oversized = row.findIndex(({ bytes }) => bytes.indexOf('\r\n\r\n') > 20_000);
    const requests = oversized < 0 ? row : row.slice(0, oversized + 1);
    const kind = oversized < 0 ? 'served' : 'refused';
    return { kind, requests, bytes: requests.map(({ bytes }) => bytes).join('') };
  });
}

/** One request to a mock that may have faults. */
export function struck(draft: fc.Arbitrary<Draft>): fc.Arbitrary<Trial> {
  return draft.map((each) => {
    const only = sent(each, 0, true);
    return { kind: 'struck', requests: [only], bytes: only.bytes };
  });
}

const post = 'POST /auth/bianchi/oauth2/token HTTP/1.1\r\nHost: a\r\n';
const get = 'GET /api/v1/equipe/doctors HTTP/1.1\r\nHost: a\r\n';

/** Requests whose end or meaning two parties on their way could see differently. */
const malformed = [
  `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`,
  ...['+5', '-1', '0x5', '5, 6', '5,5', '1e1', '9'.repeat(20), '5 5', ''].map(
    (v) => `${post}Content-Length: ${v}\r\n\r\nabcde`,
  ),
  ...['xchunked', 'chunked, identity', 'identity', 'chunked, chunked', 'chunked,', '\vchunked'].map(
    (v) => `${post}Transfer-Encoding: ${v}\r\n\r\n0\r\n\r\n`,
  ),
  ...['zz', '-1', 'f'.repeat(18), '', '5 ', '0x5', '5;', '5;a="\n"', '4', '6', '5\r\n\r\n'].map(
    (v) => `${post}Transfer-Encoding: chunked\r\n\r\n${v}\r\nabcde\r\n0\r\n\r\n`,
  ),
  `${post}Transfer-Encoding: chunked\r\n\r\n5\nabcde\r\n0\r\n\r\n`,
  `GET /api/v1/equipe/doctors HTTP/1.1\r\n Host: a\r\n\r\n`,
  `GET /api/v1/equipe/doctors HTTP/1.1\r\nConnection: close\r\n\r\n`,
  ...[
    'X: b\r\n c',
    'X: b\r\n\tc',
    'X : b',
    'X\t: b',
    ': b',
    'nocolon',
    'X(A): b',
    'X\x80: b',
    'X: b\nY: c',
    'X: b\r',
    ...['\x00', '\x01', '\x0b', '\x1f', '\x7f', '\r', '\n'].flatMap((c) => [`X: b${c}c`, `X${c}A: b`]),
    `X: ${'x'.repeat(100_000)}`,
  ].map((v) => `${get}${v}\r\n\r\n`),
  ...['HTTP/1.2', 'HTTP/9.9', 'http/1.1', 'HTTP/1.1 ', 'HTTP/1', 'HTTP/11', 'FTP/1.1', ''].map(
    (v) => `GET /api/v1/equipe/doctors ${v}\r\nHost: a\r\n\r\n`,
  ),
  ...['/a b', '/\x80\xff', '/\x01', '/\x00', '', '?', '#', `/${'x'.repeat(20_000)}`].map(
    (v) => `GET ${v} HTTP/1.1\r\nHost: a\r\n\r\n`,
  ),
  ...['get', 'FOO', 'GET\t', '\xff', 'G'.repeat(1000), 'CONNECT'].map((v) => `${v} a:1 HTTP/1.1\r\nHost: a\r\n\r\n`),
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
];

/** Good requests with a malformed one behind them. */
export function refused(draft: fc.Arbitrary<Draft>): fc.Arbitrary<Trial> {
  const before = fc.array(draft, { maxLength: 2 });
  return fc.tuple(before, fc.constantFrom(...malformed)).map(([drafts, wrong]) => {
    const good = drafts.map((each) => sent(each, 0, false));
    const requests = [...good, { method: /^[A-Z]+ /.exec(wrong)?.[0].trim() ?? '', bytes: wrong }];
    return { kind: 'refused', requests, bytes: requests.map(({ bytes }) => bytes).join('') };
  });
}

/** A row of requests that ends somewhere, or has some other bytes. */
export function cut(draft: fc.Arbitrary<Draft>): fc.Arbitrary<Trial> {
  const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 4 }), insert: byteString(4) });
  // Where bytes change, so may the place of an answer in the row; an answer to HEAD looks different from any other.
  const row = served(draft.filter(({ method }) => method !== 'HEAD'));
  return fc.tuple(row, fc.array(edit, { maxLength: 3 }), fc.nat()).map(([{ requests, bytes }, edits, end]) => {
    let changed = edits.length === 0 ? bytes.slice(0, end % bytes.length) : bytes;
    for (const { at, remove, insert } of edits) {
      const place = at % changed.length;
      changed = changed.slice(0, place) + insert + changed.slice(place + remove);
    }
    return { kind: 'cut', requests, bytes: changed };
  });
}
