import { request as requestHttp, type ClientRequest } from 'node:http';
import { request as requestHttps } from 'node:https';
import { codeOf } from '../../util/errors.ts';
import { parseJson, parseObject, textAt } from '../../util/json.ts';

export interface ProviderRequest {
  method: string;
  url: URL;
  /** Names and values in turn, as they go over the wire: `['Accept', 'text/plain']`. */
  headers: readonly string[];
  body?: Buffer | undefined;
}

export interface ProviderResponse {
  kind: 'answer';
  status: number;
  /** By name in small letters; values of the same name joined by `, `. */
  headers: ReadonlyMap<string, string>;
  rawHeaders: readonly string[];
  body: Buffer;
}

export interface Silence {
  kind: 'silence';
  /** The end of a sentence about the provider: `refuses the connection (ECONNREFUSED)`. Repeats nothing it sent. */
  reason: string;
}

/** In bytes; more would fill the memory. */
const largestBody = 16 * 1024 * 1024;

/**
 * Sends one request and reads the whole answer as it is; follows no redirect.
 * @param timeout for the whole exchange, in milliseconds.
 */
export function exchange(
  { method, url, headers, body }: ProviderRequest,
  timeout: number,
): Promise<ProviderResponse | Silence> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    let sent: ClientRequest | undefined;
    const end = (outcome: ProviderResponse | Silence): void => {
      clearTimeout(timer);
      resolve(outcome);
      sent?.destroy();
    };
    const fail = (reason: string): void => end({ kind: 'silence', reason });
    const timer = setTimeout(() => fail(`gives no answer within ${timeout / 1000} s`), timeout);
    try {
      sent = send(url, { method, headers: [...headers, 'Host', url.host, ...lengthOf(method, body)] });
    } catch {
      return fail('cannot be sent such a request');
    }
    const onError = (error: unknown): void => fail(describeFailure(error));
    sent.on('error', onError);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('error', onError);
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > largestBody) fail('sends more than 16 MiB');
        else chunks.push(chunk);
      });
      response.on('end', () => {
        const headers = new Map(
          Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
        );
        const { statusCode: status = 0, rawHeaders } = response;
        end({ kind: 'answer', status, headers, rawHeaders, body: Buffer.concat(chunks) });
      });
    });
    sent.end(body);
  });
}

/** Node would send a body of unknown length in chunks, which not every server reads. */
function lengthOf(method: string, body: Buffer | undefined): string[] {
  if (body) return ['Content-Length', String(body.length)];
  return ['POST', 'PUT', 'PATCH'].includes(method) ? ['Content-Length', '0'] : [];
}

const certificateCodes = /CERT|ERR_TLS|ERR_SSL|EPROTO|SELF_SIGNED|UNABLE_TO_/;

function describeFailure(error: unknown): string {
  const code = codeOf(error) ?? 'no code';
  if (certificateCodes.test(code)) return `has no TLS connection that can be trusted (${code})`;
  if (code === 'ECONNREFUSED') return `refuses the connection (${code})`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `has a name that cannot be resolved (${code})`;
  if (code.startsWith('HPE_')) return `does not speak HTTP (${code})`;
  return `ends the connection without a whole answer (${code})`;
}

export interface Expectation {
  demanded?: number;
  /** The statuses that the specification documents: `200`, `5XX`, `default`. */
  documented?: readonly string[];
  types?: readonly string[];
  /** Whether the operation has served a valid request; if so, a failure is its own. */
  hasServed?: boolean;
}

/** Failures of the API itself; other 5xx come from gateways too, or are temporary. */
const ownFailures = new Set([500, 501]);

/**
 * Whether an answer only says that the provider is not working: 429, a 5xx, or a gateway's web page in place of a
 * success. Anything else is right or wrong: the demanded status, 500 where the only 5xx expected is another one, a web page
 * with 4xx, JSON that calls itself a web page.
 */
export function isOutage(
  { status, headers, body }: Pick<ProviderResponse, 'status' | 'headers' | 'body'>,
  { demanded, documented = [], types = [], hasServed = false }: Expectation = {},
): boolean {
  const isForeignPage =
    isWebPage(headers.get('content-type')) && !types.some(isWebPage) && parseJson(body) === undefined;
  if (status < 300) return isForeignPage && !hasServed;
  if (status < 500) return status === 429 && demanded !== 429;
  if (status === demanded) return isForeignPage;
  if (!ownFailures.has(status)) return true;
  if (hasServed) return false;
  const expected = demanded === undefined ? documented : [String(demanded)];
  return (
    !expected.some((each) => each.startsWith('5')) ||
    expected.some((each) => [String(status), '5XX', 'DEFAULT'].includes(each.toUpperCase()))
  );
}

/** What usually holds the sentence for people in an error. */
const messageNames = ['message', 'detail', 'error_description', 'error', 'title'];

/** Tokens and keys, which are long and have letters and digits. */
const tokenLike = /eyJ[\w.-]+|(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{24,}/g;

/** The value of a member whose name says that it is secret: `"access_token": "abc"`. */
const secretMember = /("\w*(?:token|secret|password|api_?key|authorization)\w*"\s*:\s*)"[^"]*"?/gi;

/** A short body, else its message, else its beginning, in parentheses after a space; an empty text for an empty body. */
export function beginningOf(body: Buffer): string {
  const whole = readable(body.subarray(0, 4096).toString());
  const fields = whole.length > longestQuote ? parseObject(body) : undefined;
  const [message] = messageNames.flatMap((name) => textAt(fields, name) ?? []);
  const text = message === undefined ? whole : readable(message);
  if (text === '' || text === '{}') return '';
  return text.length > longestQuote ? ` (${text.slice(0, longestQuote)} …)` : ` (${text})`;
}

const longestQuote = 200;

function readable(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 1000)
    .replaceAll(secretMember, '$1"***"')
    .replaceAll(tokenLike, '***');
}

export function isWebPage(contentType: string | undefined): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '');
}
