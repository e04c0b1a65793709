import type { IHttpRequest } from '@stoplight/prism-http';
import { parseJson } from '../../util/json.ts';
import { isJson } from '../../util/media-type.ts';
import { chooseCase, chooseExample, givenIn, type Given } from '../clinics/cases.ts';
import type { Clinic } from '../clinics/clinic.ts';
import { jsonReply } from '../http/reply.ts';
import type { MockAnswer, MockRequest, Route } from '../http/request.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { missingExample, readPreference } from './preference.ts';

/** The result of checking a request against the specification. */
export interface Checked {
  described: IHttpRequest | undefined;
  violations: string[] | undefined;
  /** What conditions look at in the request. */
  given: () => Given;
}

/** Checks a request against the specification, for the journal. Prism must be loaded. */
export function checkCall({ answers, keys }: Sandbox, request: MockRequest, route: Route, body: Buffer): Checked {
  const described = describeRequest(request, route, body);
  const given = (): Given => givenIn(request, route.parameters, body);
  const found = described && answers.violations(route.operation, described);
  if (found?.length === 0) return { described, violations: undefined, given };
  // A violation may name what the client sent.
  const violations = (found ?? ['body: does not match the Content-Type']).map((each) => keys.secrets.redact(each));
  return { described: found && described, violations, given };
}

/** Answers with the clinic's fixture or the specification's example, or with the answer that the request prefers. */
export async function answerFromPrism(
  sandbox: Sandbox,
  { operation }: Route,
  clinicOfAll: Clinic | undefined,
  { described, violations, given }: Checked,
  prefer: string | undefined,
): Promise<MockAnswer> {
  if (!described) {
    const message = 'The body of the request is not what its Content-Type says, or is nested too deeply.';
    return { reply: jsonReply(400, { message }) };
  }
  const { answers, api } = sandbox;
  const clinic = clinicOfAll && chooseCase(clinicOfAll, operation, given);
  const preference = readPreference(prefer);
  const isDocuments = !clinic?.responses.has(operation.id) && clinic?.status === undefined;
  const example = preference || !isDocuments ? undefined : chooseExample(api.document, operation, given);
  if (example !== undefined) return { reply: await answers.preferred(operation, undefined, described, { example }) };
  if (!preference) return { reply: await answers.usual(operation, clinic, described, !violations) };
  const missing = missingExample(api, operation, preference);
  return { reply: missing ?? (await answers.preferred(operation, clinic, described, preference)), fault: 'prefer' };
}

function describeRequest({ headers, query }: MockRequest, route: Route, bytes: Buffer): IHttpRequest | undefined {
  const text = bytes.toString('utf8');
  const isJsonBody = isJson(headers['content-type'] ?? '') && bytes.length > 0;
  const body = isJsonBody ? parseJson(text) : text || null;
  if (body === undefined) return undefined;
  const values = [...new Set(query.keys())].map((name) => {
    const [first = '', ...more] = query.getAll(name);
    return [name, more.length === 0 ? first : [first, ...more]] as const;
  });
  return {
    method: route.operation.method,
    url: { path: route.path, query: Object.fromEntries(values) },
    headers: Object.fromEntries(Object.entries(headers).map(([name, value = '']) => [name, [value].flat().join(', ')])),
    body,
  };
}
