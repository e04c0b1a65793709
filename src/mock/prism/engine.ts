import type { OpenApiDocument } from '../../openapi/document.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { framing, jsonReply, type Reply } from '../http/reply.ts';
import type { PrismOperation, PrismOperations } from './prism-operation.ts';
import type { RequestViolation } from './request-violation.ts';

export interface Wish {
  /** Of the request, which gets the answer documented for that. */
  violations?: RequestViolation[];
  code?: number;
  exampleKey?: string;
  /** Whether the body is generated from the schema instead of an example. */
  dynamic?: boolean;
}

/** Why the mock answers with an error: a sentence for the body, where that has a text for people. */
export interface Reason {
  why?: string | undefined;
  /** Whether the sentence also replaces the text of an example. */
  isOwn?: boolean;
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
  operations: PrismOperations;
  /** @param accept the header of the request. */
  ask: (operation: PrismOperation, accept: string | undefined, wish: Wish) => Promise<Reply | Chosen>;
}

/** Loads Prism, which takes long; it makes its operations of a document when they are asked for. */
export async function loadPrism(document: OpenApiDocument): Promise<Prism> {
  const [parts, made] = await Promise.all([import('./prism-parts.ts'), import('./prism-operation.ts')]);
  const operations = new made.PrismOperations(document);
  const off = { checkSecurity: false, validateResponse: false, errors: false };
  const checks = { ...off, isProxy: false as const, upstreamProxy: undefined };
  const logger = parts.createLogger('mock', { level: 'silent' });

  return {
    operations,
    ask: async (operation, accept, { violations = [], ...mock }) => {
      const [first, ...more] = violations.map((each) => ({
        ...each,
        severity: parts.DiagnosticSeverity[each.severity],
      }));
      const instance = { ...checks, validateRequest: first !== undefined, mock: { dynamic: false, ...mock } };
      // The mock has routed and judged the request by itself.
      const prism = parts.createInstance(instance, {
        logger,
        route: () => ({ _tag: 'Right', right: operation }),
        validateInput: ({ element }) =>
          first ? { _tag: 'Left', left: [first, ...more] } : { _tag: 'Right', right: element },
      });
      const asked = { method: 'get', url: { path: operation.path } } as const;
      // Prism remembers the first request's Accept in the configuration that it is given: each gets one of its own.
      const once = (headers: Record<string, string>): ReturnType<ReturnType<typeof prism.request>> =>
        prism.request({ ...asked, headers }, [operation], { ...instance, mock: { ...instance.mock } })();
      // It throws at an invalid Accept, which RFC 9110 section 12.5.1 allows to ignore.
      const accepted = await once(accept === undefined ? {} : { accept }).catch(() => once({}));
      const status = accepted._tag === 'Right' ? accepted.right.output.statusCode : undefined;
      // Prism answers with another status where that which is asked for has no media type that Accept allows.
      const isOther = mock.code !== undefined && status !== undefined && status !== mock.code;
      const result = isOther ? await once({}) : accepted;
      if (result._tag === 'Left') {
        const problem = parts.ProblemJsonError.toProblemJson(result.left);
        return jsonReply(problem.status, problem, { 'Content-Type': 'application/problem+json' });
      }
      const { statusCode, headers = {}, body } = result.right.output;
      const statuses = operation.responses.map(({ code }) => code);
      const documented =
        operation.responses.find(({ code }) => code === documentedStatus(statuses, statusCode))?.contents ?? [];
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

/**
 * The documented headers that the mock sends: Prism gives null for one with neither an example nor a schema, those that
 * frame an answer or name its encoding are the server's own (RFC 9110 section 8.6), and not all text can stand in a header.
 */
function presentHeaders(headers: Record<string, unknown>): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    present
      .map(([name, value]) => [name, String(value)] as const)
      .filter(([name, value]) => !framing.test(name) && !describing.test(name) && /^[\t\x20-\x7E]*$/.test(value)),
  );
}

const describing = /^(content-encoding|date)$/i;
