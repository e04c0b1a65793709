import type { Operation } from '../../spec/operation.ts';
import type { Draft } from '../../verify/conformance/requests.ts';
import { judgeAnswer } from '../../verify/conformance/judge-answer.ts';
import { labelOf, type Run } from '../../verify/conformance/run.ts';
import { validDrafts } from '../../verify/conformance/generate.ts';

/**
 * Sends valid requests, and holds what is answered against the specification.
 * @param authorizations the `Authorization` header of each account, the first account's first; none where the operation is open.
 * @returns a valid request with which other checks begin.
 */
export async function checkAnswers(
  run: Run,
  operation: Operation,
  authorizations: readonly string[],
): Promise<Draft | undefined> {
  const drafts = validDrafts(run, operation).map((draft) => ({ ...draft, authorization: authorizations[0] }));
  const [first] = drafts;
  if (!first) return undefined;
  const others = authorizations.slice(1).map((authorization) => ({ ...first, authorization }));
  let succeeded = false;
  let last = 0;
  for (const [index, draft] of distinct([...drafts, ...others]).entries()) {
    const account = operation.issuesTokens
      ? run.accounts[authorizations.indexOf(draft.authorization ?? '')]
      : undefined;
    const what = index === 0 ? `A valid ${labelOf(operation)}` : `Another valid ${labelOf(operation)}`;
    const answer = await run.ask(draft, what, account);
    if (!answer) continue;
    run.note(operation, ...judgeAnswer(run.api, operation, answer, what));
    last = answer.status;
    succeeded ||= answer.status < 300;
  }
  if (!succeeded && last > 0) {
    const sentence = `No valid request is answered with success, the last one with ${last}, so the answers of success have not been seen. Give the specification examples that exist there.`;
    run.note(operation, { rule: 'success', result: 'not verifiable', sentence });
  }
  return first;
}

/** An operation without parameters and body has one valid request only. */
function distinct(drafts: readonly Draft[]): Draft[] {
  const byText = new Map(
    drafts.map((draft) => {
      const values = draft.parameters.map(({ parameter, value }) => [parameter.in, parameter.name, value]);
      return [JSON.stringify([values, draft.body?.bytes.toString('hex'), draft.authorization]), draft];
    }),
  );
  return [...byText.values()];
}
