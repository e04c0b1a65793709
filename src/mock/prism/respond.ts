import { shorten } from '../../util/errors.ts';
import { chooseCase, chooseExample, givenIn, type Given } from '../clinics/cases.ts';
import type { Clinic } from '../clinics/clinic.ts';
import { jsonReply } from '../http/reply.ts';
import type { MockAnswer, MockRequest, Route } from '../http/request.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { RequestViolation } from './request-violation.ts';
import { missingExample, readPreference } from './preference.ts';

/** The result of checking a request against the specification. */
export interface Checked {
  /** Undefined where the request cannot be read. */
  found: RequestViolation[] | undefined;
  /** A sentence each, for the journal; undefined where there are none. */
  violations: string[] | undefined;
  /** What conditions look at in the request. */
  given: () => Given;
}

/** Checks a request against the specification. */
export function checkCall({ answers, keys }: Sandbox, request: MockRequest, route: Route, body: Buffer): Checked {
  const { operation, parameters } = route;
  const { query, headers } = request;
  const given = (): Given => givenIn(request, parameters, body);
  const found = answers.violations(operation, { query, headers, parameters, body });
  if (found?.length === 0) return { found, violations: undefined, given };
  const told = found?.map(({ path, message }) => `${path?.join('.') ?? 'request'}: ${message}`);
  // A violation may name what the client sent.
  const violations = (told ?? ['body: does not match the Content-Type']).map((each) =>
    shorten(keys.secrets.redact(each), 1000),
  );
  return { found, violations, given };
}

/** Answers with the clinic's fixture, an item of its collections or the specification's example, or with the answer that the request prefers. */
export async function answerFromPrism(
  sandbox: Sandbox,
  route: Route,
  clinicOfAll: Clinic | undefined,
  { found, given }: Checked,
  request: MockRequest,
): Promise<MockAnswer> {
  const { answers, api, collections } = sandbox;
  const { operation } = route;
  const { accept } = request.headers;
  if (!found) {
    const message =
      'The body of the request is not what its Content-Type says, is nested too deeply or has too many fields.';
    return { reply: await answers.worded(operation, jsonReply(400, { message }), accept), reason: 'unreadable_body' };
  }
  const clinic = clinicOfAll && chooseCase(clinicOfAll, operation, given);
  const preference = readPreference(request.prefer);
  const isDocuments = !clinic?.responses.has(operation.id) && clinic?.status === undefined;
  const isRight = !found.some(({ severity }) => severity === 'Error');
  const stocked = clinic && isRight && isDocuments && !preference && collections.find(clinic.id, operation.id);
  if (stocked) {
    // Imported late, since few clinics have collections.
    const { answerFromCollection } = await import('../collections/answer.ts');
    return { reply: await answerFromCollection(sandbox, route, clinic, stocked, request, given(), found) };
  }
  const example = preference || !isDocuments ? undefined : chooseExample(api.document, operation, given);
  if (example !== undefined)
    return { reply: await answers.preferred(operation, undefined, accept, found, { example }, false) };
  if (!preference) return { reply: await answers.usual(operation, clinic, accept, found) };
  const missing = missingExample(api, operation, preference);
  return { reply: missing ?? (await answers.preferred(operation, clinic, accept, found, preference)), fault: 'prefer' };
}
