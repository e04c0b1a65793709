import { parseJson } from '../../mock/parse-json.ts';
import { describeBody, describeParameters, isForm, isJson, type DescribedBody } from './described.ts';
import { writeBody, type Draft } from '../../verify/conformance/requests.ts';
import { judgeAnswer } from '../../verify/conformance/judge-answer.ts';
import { labelOf, type Run } from '../../verify/conformance/run.ts';
import { bodyViolations, textViolations } from './violations.ts';

/** A request that the specification forbids, and what is wrong with it. */
interface Wrong {
  draft: Draft;
  /** `parameter`, `required parameter`, `body`, `content type`. */
  rule: string;
  what: string;
}

/** Sends what the specification forbids: it must be refused with 4xx. */
export async function checkRefusals(run: Run, valid: Draft): Promise<void> {
  const { operation } = valid;
  for (const { draft, rule, what } of [...wrongParameters(run, valid), ...wrongBodies(run, valid)]) {
    const request = `${labelOf(operation)} with ${what}`;
    const answer = await run.tempt(draft, request);
    if (!answer) continue;
    const { status } = answer;
    if (status < 400 || status >= 500) {
      const sentence = `${request} is answered ${status}, and the specification forbids it: it must be refused with 4xx.`;
      run.note(operation, { rule: `wrong ${rule}`, result: 'broken', way: what, sentence });
      continue;
    }
    run.note(operation, {
      rule: `wrong ${rule}`,
      result: 'holds',
      sentence: `What is wrong with a ${rule} is refused.`,
    });
    // How a wrong request is refused need not be documented, but what is documented holds.
    if (operation.statuses.includes(String(status)))
      run.note(operation, ...judgeAnswer(run.api, operation, answer, request));
  }
}

function wrongParameters(run: Run, valid: Draft): Wrong[] {
  const { document } = run.api;
  // The path of the token endpoint is that of the token URL.
  if (valid.operation.issuesTokens) return [];
  return describeParameters(document, valid.operation).flatMap((parameter) => {
    const others = valid.parameters.filter(
      ({ parameter: other }) => other.name !== parameter.name || other.in !== parameter.in,
    );
    const name = `the ${parameter.in} parameter ${parameter.name}`;
    const wrong = textViolations(document, run.samples, parameter.schema).map(({ value, what }) => ({
      draft: { ...valid, parameters: [...others, { parameter, value }] },
      rule: 'parameter',
      what: `${what} for ${name}`,
    }));
    const missing = {
      draft: { ...valid, parameters: others },
      rule: 'required parameter',
      what: `nothing for ${name}`,
    };
    return parameter.required && parameter.in !== 'path' ? [...wrong, missing] : wrong;
  });
}

function wrongBodies(run: Run, valid: Draft): Wrong[] {
  const { document } = run.api;
  const described = describeBody(document, valid.operation);
  if (!described || !valid.body) return [];
  const { type } = described;
  const { bytes } = valid.body;
  const wrong = (what: string, type: string, bytes: Buffer, rule = 'body'): Wrong => ({
    draft: { ...valid, body: { type, bytes } },
    rule,
    what,
  });
  const other = ['text/plain', 'application/xml'].find(
    (each) => !valid.operation.requestTypes.some((known) => covers(known, each)),
  );
  return [
    ...violating(run, described, bytes).map(({ value, what }) => wrong(what, type, writeBody(type, value))),
    ...(isJson(type) ? [wrong('JSON that is broken off', type, Buffer.from('{"a":'))] : []),
    ...(described.required ? [{ draft: { ...valid, body: undefined }, rule: 'body', what: 'no body' }] : []),
    ...(other === undefined ? [] : [wrong(`its body as ${other}`, other, bytes, 'content type')]),
  ];
}

function violating(run: Run, { type, schema }: DescribedBody, bytes: Buffer): { value: unknown; what: string }[] {
  const { document } = run.api;
  if (!isForm(type)) return bodyViolations(document, run.samples, schema, parseJson(bytes));
  // A form has texts alone, and no server sees whether it was meant to be something else.
  const valid = Object.fromEntries(new URLSearchParams(bytes.toString()));
  return bodyViolations(document, run.samples, schema, valid).filter(
    ({ value }) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((each) => typeof each === 'string'),
  );
}

function covers(known: string, type: string): boolean {
  return known.startsWith(type) || known.startsWith('*/*') || known.startsWith(`${type.split('/')[0]}/*`);
}
