import type { getHttpOperationsFromSpec, IHttpRequest } from '@stoplight/prism-http';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { messageOf, Problem } from '../../util/errors.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { framing, jsonReply, type Reply } from '../http/reply.ts';

export type PrismOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number];

export interface Wish {
  /** Whether a request that violates the specification gets the answer documented for that. */
  validateRequest: boolean;
  code?: number;
  exampleKey?: string;
  /** Whether the body is generated from the schema instead of an example. */
  dynamic?: boolean;
}

/** The answer that Prism chose, with a body that is not written yet. */
export interface Chosen {
  status: number;
  headers: Record<string, string>;
  /** The media type; undefined for an answer without a documented body. */
  type: string | undefined;
  value: unknown;
  /** Whether the value is made up by the schema, and no example. */
  isMadeUp: boolean;
}

export interface Prism {
  /** The operations by `identify`. */
  operations: ReadonlyMap<string, PrismOperation>;
  ask: (operation: PrismOperation, request: IHttpRequest, wish: Wish) => Promise<Reply | Chosen>;
  /** The violations in a request, a sentence each; undefined if its form or media type cannot be read. */
  check: (operation: PrismOperation, request: IHttpRequest) => string[] | undefined;
}

/** Loads Prism, which takes long, with a document. @throws Problem if Prism cannot use the document. */
export async function loadPrism(document: OpenApiDocument): Promise<Prism> {
  const parts = await import('./prism-parts.ts');
  // Prism resolves references in place, so it gets a copy.
  const found = await parts.getHttpOperationsFromSpec(structuredClone(document)).catch((cause: unknown) => {
    const what = 'Prism, which chooses the answers, cannot use the specification.';
    const remedy = 'Look in the specification for what the reason names.';
    const facts = { reason: messageOf(cause) };
    throw new Problem({ code: 'spec_unsupported', what, facts, remedy }, { cause });
  });
  // Prism would call a callback's URL by itself; the mock makes no calls.
  const operations = new Map(
    found.map((operation) => {
      const responses = operation.responses.map(withOwnTypes);
      return [identify(operation), { ...operation, responses, callbacks: [] }];
    }),
  );
  const off = { checkSecurity: false, validateResponse: false, errors: false };
  const checks = { ...off, isProxy: false as const, upstreamProxy: undefined };
  const logger = parts.createLogger('mock', { level: 'silent' });
  const prism = parts.createInstance({ ...checks, validateRequest: true, mock: { dynamic: false } }, { logger });

  return {
    operations,
    check: (resource, element) => {
      const { headers = {}, body } = element;
      const hasBody = body !== null || headers['content-type'] !== undefined || headers['content-length'] !== undefined;
      if (!hasBody && takesNothing(resource)) return [];
      try {
        const checked = parts.validateInput({ resource, element });
        if (checked._tag === 'Right') return [];
        return checked.left.map(({ path = [], message }) => `${path.join('.') || 'request'}: ${message}`);
      } catch {
        // Prism throws at escapes and media types that it cannot parse.
        return undefined;
      }
    },
    ask: async (operation, request, { validateRequest, ...mock }) => {
      // Prism remembers the first request's Accept in the configuration that it is given: each gets one of its own.
      const once = async (asked: IHttpRequest): ReturnType<ReturnType<typeof prism.request>> =>
        prism.request(asked, [operation], { ...checks, validateRequest, mock: { dynamic: false, ...mock } })();
      // It throws at an invalid Accept, which RFC 9110 section 12.5.1 allows to ignore.
      const result = await once(request).catch(() => once(withoutAccept(request)));
      if (result._tag === 'Left') {
        const problem = parts.ProblemJsonError.toProblemJson(result.left);
        return jsonReply(problem.status, problem, { 'Content-Type': 'application/problem+json' });
      }
      const { statusCode, headers = {}, body } = result.right.output;
      const statuses = operation.responses.map(({ code }) => code);
      const status = documentedStatus(statuses, statusCode);
      const documented = operation.responses.find(({ code }) => code === status)?.contents ?? [];
      const type = documented.length > 0 ? headers['Content-type'] : undefined;
      // Prism chooses no media type if Accept refuses each (RFC 9110 section 15.5.7).
      if (type === undefined && documented.length > 0) {
        return jsonReply(406, { message: 'The answer has none of the media types that Accept allows.' });
      }
      const { examples = [] } = documented.find(({ mediaType }) => mediaType === type) ?? {};
      const isMadeUp = mock.dynamic === true || !examples.some((example) => 'value' in example);
      const sent = presentHeaders({ ...headers, 'Content-type': type });
      return { status: statusCode, headers: sent, type, value: body, isMadeUp };
    },
  };
}

function withoutAccept({ headers = {}, ...request }: IHttpRequest): IHttpRequest {
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'accept');
  return { ...request, headers: Object.fromEntries(kept) };
}

/**
 * The documented headers that the mock sends: Prism gives null for one with neither an example nor a schema, those that
 * frame an answer or name its encoding are the server's own (RFC 9110 section 8.6), and not all text can stand in a header.
 */
function presentHeaders(headers: Record<string, unknown>): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    present
      .map(([name, value]) => [name, String(value)] as const)
      .filter(
        ([name, value]) => !framing.test(name) && !describing.test(name) && /^[\t\x20-\x7E\x80-\xFF]*$/.test(value),
      ),
  );
}

const describing = /^(content-encoding|date)$/i;

/** A range of media types as a document writes it, `*\/*`, stands for one that the mock can send. */
export const sendable: Record<string, string> = {
  '*/*': 'application/json',
  'application/*': 'application/json',
  'text/*': 'text/plain',
};

type PrismResponse = PrismOperation['responses'][number];

function withOwnTypes(response: PrismResponse): PrismResponse {
  const contents = response.contents?.map((content) => ({
    ...content,
    mediaType: sendable[content.mediaType.trim()] ?? content.mediaType,
  }));
  return contents ? { ...response, contents } : response;
}

/** Identifies an operation within a document. */
export function identify({ method, path }: { method: string; path: string }): string {
  return `${method.toLowerCase()} ${path}`;
}

/** Whether an operation has no body and no parameter. */
export function takesNothing({ request }: PrismOperation): boolean {
  const { body, path = [], query = [], headers = [] } = request ?? {};
  return body === undefined && path.length + query.length + headers.length === 0;
}
