import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../openapi/operations.ts';
import { documentedStatus, exampleNames } from '../../openapi/responses.ts';
import { noSuch } from '../../util/did-you-mean.ts';
import { jsonReply, type Reply } from '../http/reply.ts';

/** The documented answer that a request wants, in the words of Prism's `Prefer` header. */
export interface Preference {
  code?: number;
  example?: string;
  /** Whether the answer is generated from the schema. */
  dynamic?: boolean;
}

/**
 * What a request prefers, as a `Prefer` header: its own, and the words of Prism's query (`?__code=503&__example=name`), which
 * count before it.
 */
export function preferred(header: string | undefined, query: URLSearchParams): string | undefined {
  const asked = ['code', 'example', 'dynamic'].flatMap((wish) => {
    const value = query.get(`__${wish}`);
    return value === null ? [] : [`${wish}="${value.replaceAll('"', '')}"`];
  });
  return asked.length === 0 ? header : [...(header === undefined ? [] : [header]), ...asked].join(', ');
}

/** Reads `Prefer: code=503, example=name, dynamic=true`. Other preferences are ignored, as RFC 7240 asks. */
export function readPreference(header: string | undefined): Preference | undefined {
  if (header === undefined) return undefined;
  const wishes = Object.fromEntries(
    [...header.matchAll(/(?:^|[,;])\s*(code|example|dynamic)\s*=\s*(?:"([^"]*)"|([^\s",;]*))/gi)].map(
      ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? ''] as const,
    ),
  );
  const { code = '', example, dynamic = '' } = wishes;
  const preference: Preference = {
    ...(/^[1-9]\d\d$/.test(code) ? { code: Number(code) } : {}),
    ...(example ? { example } : {}),
    ...(/^true$/i.test(dynamic) ? { dynamic: true } : {}),
  };
  return Object.keys(preference).length === 0 ? undefined : preference;
}

/** The answer to a request that prefers an unknown example, with the known ones; Prism itself would answer 500. */
export function missingExample(
  { document }: Api,
  operation: Operation,
  { code, example }: Preference,
): Reply | undefined {
  const status = code === undefined ? operation.usualStatus : documentedStatus(operation.statuses, code);
  if (example === undefined || status === undefined) return undefined;
  const known = exampleNames(document, operation, status);
  if (known.includes(example)) return undefined;
  return jsonReply(404, { message: noSuch('example', `${example} of ${status}`, known) });
}
