import type { Draft } from '../../verify/conformance/requests.ts';
import { judgeAnswer } from '../../verify/conformance/judge-answer.ts';
import { labelOf, type Run } from '../../verify/conformance/run.ts';

/** A client that nobody has: a wrong secret of the real one may lock it. */
const stranger = `Basic ${Buffer.from('arzamed-devkit-nobody:not-a-secret').toString('base64')}`;

/** Sends token requests that must be refused whatever their form: without a client, and with an unknown one. */
export async function checkClients(run: Run, valid: Draft): Promise<void> {
  const { operation } = valid;
  const trials = [
    { draft: { ...valid, authorization: undefined }, how: 'without a client' },
    { draft: { ...valid, authorization: stranger }, how: 'with an unknown client' },
    { draft: { ...valid, body: otherGrant }, how: 'with a grant type that there is not' },
  ];
  for (const { draft, how } of trials) {
    const what = `${labelOf(operation)} ${how}`;
    const answer = await run.tempt(draft, what);
    if (!answer) continue;
    const { status } = answer;
    if (![400, 401, 403].includes(status)) {
      const sentence = `${what} is answered ${status}, and must be refused with 400 or 401 (RFC 6749 section 5.2).`;
      run.note(operation, { rule: 'client', result: 'broken', way: how, sentence });
      continue;
    }
    run.note(operation, {
      rule: 'client',
      result: 'holds',
      way: how,
      sentence: `${what} is refused with ${status}.`,
    });
    if (operation.statuses.includes(String(status)))
      run.note(operation, ...judgeAnswer(run.api, operation, answer, what));
  }
}

const otherGrant = {
  type: 'application/x-www-form-urlencoded',
  bytes: Buffer.from('grant_type=arzamed-devkit-none'),
};
