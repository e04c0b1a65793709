import { exampleNames } from '../spec/examples.ts';
import type { Operation } from '../spec/operation.ts';
import { successStatus } from '../openapi/responses.ts';
import { noSuch } from './no-such.ts';
import type { Preference } from './prism/preference.ts';
import { jsonReply, type Reply } from './http/reply.ts';
import type { Sandbox } from './state/sandbox.ts';

/**
 * The answer to a request that prefers an example which its status does not have, with those that it has: Prism itself
 * would answer with 500. Undefined where there is nothing to complain of.
 */
export function missingExample(
  { api }: Sandbox,
  operation: Operation,
  { code, example }: Preference,
): Reply | undefined {
  const status = code === undefined ? successStatus(operation) : String(code);
  if (example === undefined || status === undefined || !operation.statuses.includes(status)) return undefined;
  const known = exampleNames(api.document, operation, status);
  if (known.includes(example)) return undefined;
  return jsonReply(404, { message: noSuch('example', `${example} of ${status}`, known) });
}
