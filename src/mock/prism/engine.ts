import type { IHttpRequest } from '@stoplight/prism-http';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { messageOf, Problem } from '../../util/errors.ts';
import { isJson } from '../../util/media-type.ts';
import { jsonReply } from '../http/reply.ts';
import { identify, takesNothing, type Prism, type PrismOperation } from './types.ts';

/**
 * Loads Prism and the operations of a document. It takes long, so it is imported only here.
 * @throws Problem if Prism cannot use the document.
 */
export async function loadPrism(document: OpenApiDocument): Promise<Prism> {
  const { createInstance, createLogger, getHttpOperationsFromSpec, ProblemJsonError, validateInput } =
    await import('./prism-parts.ts');
  // Prism resolves references in place, so it gets a copy.
  const found = await getHttpOperationsFromSpec(structuredClone(document)).catch((cause: unknown) => {
    throw unusable(cause);
  });
  // Prism would call a callback's URL by itself; the mock calls nobody.
  const operations = new Map(found.map((operation) => [identify(operation), { ...operation, callbacks: [] }]));
  const checks = {
    checkSecurity: false,
    validateResponse: false,
    errors: false,
    isProxy: false as const,
    upstreamProxy: undefined,
  };
  const logger = createLogger('mock', { level: 'silent' });
  const prism = createInstance({ ...checks, validateRequest: true, mock: { dynamic: false } }, { logger });

  return {
    operations,
    check: (resource, element) => {
      if (hasNothingToCheck(resource, element)) return [];
      const checked = attempt(() => validateInput({ resource, element }));
      if (!checked) return undefined;
      return checked._tag === 'Right'
        ? []
        : checked.left.map(({ path = [], message }) => `${path.join('.') || 'request'}: ${message}`);
    },
    ask: async (operation, request, { validateRequest, ...mock }) => {
      // Prism remembers the first request's Accept in the configuration that it is given: each gets one of its own.
      const once = async (asked: IHttpRequest): ReturnType<ReturnType<typeof prism.request>> =>
        prism.request(asked, [operation], { ...checks, validateRequest, mock: { dynamic: false, ...mock } })();
      // It throws at an Accept that nobody can parse; such a one is passed over, as RFC 9110 section 12.5.1 allows.
      const result = await once(request).catch(() => once(withoutAccept(request)));
      if (result._tag === 'Left') {
        const problem = ProblemJsonError.toProblemJson(result.left);
        return jsonReply(problem.status, problem, { 'Content-Type': 'application/problem+json' });
      }
      const { statusCode, headers = {}, body } = result.right.output;
      const documented = operation.responses.find(({ code }) => code === String(statusCode))?.contents ?? [];
      // Prism leaves the body out where Accept refuses all there is (RFC 9110 section 15.5.7).
      if (body === undefined && documented.length > 0) {
        return jsonReply(406, { message: 'The answer has none of the media types that Accept allows.' });
      }
      return { status: statusCode, headers: presentHeaders(headers), body: serialize(body, headers['Content-type']) };
    },
  };
}

function unusable(cause: unknown): Problem {
  return new Problem(
    {
      code: 'spec_unsupported',
      what: 'Prism, which chooses the answers, cannot use the specification.',
      facts: { reason: messageOf(cause) },
      remedy: 'Look in the specification for what the reason names.',
    },
    { cause },
  );
}

function withoutAccept({ headers = {}, ...request }: IHttpRequest): IHttpRequest {
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'accept');
  return { ...request, headers: Object.fromEntries(kept) };
}

/** An operation without input, and a request without a body, of which Prism looks at nothing. */
function hasNothingToCheck(operation: PrismOperation, { headers = {}, body }: IHttpRequest): boolean {
  if (body !== null || !takesNothing(operation)) return false;
  return headers['content-type'] === undefined && headers['content-length'] === undefined;
}

/** Prism throws at escapes and media types that it cannot parse. */
function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** Prism gives null for a header that it has neither an example nor a schema of. */
function presentHeaders(headers: Record<string, unknown>): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}

function serialize(body: unknown, contentType = ''): string | undefined {
  if (body === undefined) return undefined;
  return typeof body === 'string' && !isJson(contentType) ? body : JSON.stringify(body);
}
