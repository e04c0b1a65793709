import { parseAuthorization, type Authorization } from '../auth/authorization.ts';
import { admit, identifyByToken } from '../auth/bearer.ts';
import { answerWithFault } from '../faults/inject.ts';
import { checkRequest, respond, type Checked } from '../prism/respond.ts';
import { routeFinder } from '../routing/route.ts';
import type { Answered } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { identifyByCredentials, readTokenRequest } from '../token/client-authentication.ts';
import { answerTokenRequest, clinicInTokenUrl, keySet } from '../token/token-endpoint.ts';
import { failedAnswer } from './failure.ts';
import { recordOf } from './record.ts';
import type { Reply } from './reply.ts';
import type { MockAnswer, MockRequest, Route } from './request.ts';

/** The answer to a request, and what the journal says of both. */
export interface Handled extends Pick<MockAnswer, 'repeatableUntil'> {
  reply: Reply;
  /** Its time is not over yet. */
  record: Answered;
}

/** The way of a request through the mock. It never rejects. */
export function requestHandler(sandbox: Sandbox): (request: MockRequest) => Promise<Handled> {
  const findRoute = routeFinder(sandbox);
  const handled = (request: MockRequest, route: Route | undefined, answer: MockAnswer, claims = {}): Handled => ({
    reply: answer.reply,
    record: recordOf(sandbox, request, route, claims, answer),
    repeatableUntil: answer.repeatableUntil,
  });

  return async (request) => {
    const published = keySet(sandbox, request);
    if (published) return handled(request, undefined, { reply: published });
    const route = findRoute(request);
    if ('reply' in route) return handled(request, undefined, route);
    const { operation } = route;
    try {
      const body = await request.readBody(operation);
      // A token is given before Prism is loaded, which takes longest; what the request violates is added to its record then.
      if (!operation.issuesTokens) await sandbox.answers.load();
      const checked = sandbox.answers.whenLoaded(() => checkRequest(sandbox, request, route, body));

      const authorization = authorizationOf(request, route);
      const asked = operation.issuesTokens
        ? readTokenRequest(authorization, request.headers['content-type'], body)
        : undefined;
      const { key, ...claims } = asked
        ? identifyByCredentials(sandbox, asked)
        : identifyByToken(sandbox, authorization);
      const clinic = sandbox.fixtures.clinic((asked && clinicInTokenUrl(route)) ?? key?.clinic ?? '')?.id;

      const fault = sandbox.faults.strike(operation, clinic);
      const usual = async (): Promise<MockAnswer> =>
        asked
          ? answerTokenRequest(sandbox, route, asked, request.prefer, fault?.body === undefined)
          : answerCall(sandbox, request, route, authorization, await checked);
      const answer = fault ? await answerWithFault(sandbox, operation, fault, usual, request.closed) : await usual();

      const known = checked instanceof Promise ? undefined : checked.violations;
      const result = handled(request, route, answer, { ...claims, clinic, clientId: key?.clientId, violations: known });
      if (checked instanceof Promise) addViolations(result.record, checked);
      return result;
    } catch (error) {
      return handled(request, route, failedAnswer(error, operation.issuesTokens ? sandbox.errorStyle : undefined));
    }
  };
}

/** The header of a request. Of two, Node shows the first alone, and something else on the way may look at the second. */
function authorizationOf({ authorizations }: MockRequest, { operation }: Route): Authorization | undefined {
  const [first, ...others] = authorizations;
  if (others.length > 0 && !operation.issuesTokens) return { scheme: 'bearer', value: undefined };
  return first === undefined ? undefined : parseAuthorization(first);
}

/** Answers a call of the API: by the clinic that its bearer token stands for. */
async function answerCall(
  sandbox: Sandbox,
  { headers, query, prefer }: MockRequest,
  route: Route,
  authorization: Authorization | undefined,
  checked: Checked,
): Promise<MockAnswer> {
  const admitted = await admit(sandbox, route.operation, authorization);
  if ('reply' in admitted) return admitted;
  const clinic = admitted.key && sandbox.fixtures.clinic(admitted.key.clinic);
  const answer = await respond(sandbox, route, clinic, checked, prefer);
  const kept = clinic && query.size === 0 && sandbox.answers.kept(route.operation, clinic, headers.accept);
  return answer.reply === kept ? { ...answer, repeatableUntil: admitted.goodUntil } : answer;
}

function addViolations(record: Answered, checked: Promise<Checked>): void {
  checked.then(
    ({ violations }) => (record.violations = violations),
    // The mock does not start without Prism.
    () => {},
  );
}
