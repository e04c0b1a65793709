import { methods } from '../../openapi/document.ts';
import type { Operation } from '../../spec/operation.ts';
import { fillTemplate, segmentPattern } from '../../openapi/path-template.ts';
import type { Answer } from '../../verify/provider/exchange.ts';
import type { Draft } from '../../verify/conformance/requests.ts';
import { labelOf, type Run } from '../../verify/conformance/run.ts';

/** OPTIONS, HEAD and TRACE are often answered by what stands before an API, and by right. */
const tried = methods
  .filter((method) => !['options', 'head', 'trace'].includes(method))
  .map((method) => method.toUpperCase());

/** Sends the methods that a path does not have: they must be answered 405, with those that it has in `Allow`. */
export async function checkMethods(run: Run, valid: Draft): Promise<void> {
  const { operation } = valid;
  const known = run.api.operations
    .filter((other) => matches(other, operation, valid))
    .map(({ method }) => method.toUpperCase());
  const unknown = tried.filter((method) => !known.includes(method));
  const possible = run.provider.access.kind === 'test' ? unknown : unknown.filter((method) => method === 'GET');
  if (possible.length === 0 && unknown.length > 0) {
    const sentence = 'The methods that the path does not have may change something at a real provider. None was sent.';
    return run.note(operation, { rule: 'method', result: 'not verifiable', sentence });
  }
  for (const method of possible) {
    const what = `${method} ${operation.path}`;
    const answer = await run.tempt({ ...valid, method, body: undefined }, what);
    if (answer) run.note(operation, ...judge(run, operation, answer, what, known));
  }
  return undefined;
}

/** Whether a request for an operation goes to the path of another one as well: of `/a/{id}` and `/a/mine`, perhaps. */
function matches(other: Operation, { serverPath, path }: Operation, { parameters }: Draft): boolean {
  if (other.path === path) return true;
  const values = Object.fromEntries(parameters.map(({ parameter, value }) => [parameter.name, String(value)]));
  const segments = (serverPath + fillTemplate(path, values)).split('/');
  const template = (other.serverPath + other.path).split('/');
  return (
    template.length === segments.length && template.every((each, at) => segmentPattern(each).test(segments[at] ?? ''))
  );
}

function judge(
  run: Run,
  operation: Operation,
  { status, headers }: Answer,
  what: string,
  known: readonly string[],
): Parameters<Run['note']>[1][] {
  const missingPath = run.api.operations.some(
    ({ path, statuses }) => path === operation.path && statuses.includes('404'),
  );
  if (status === 404 && missingPath)
    return [{ rule: 'method', result: 'holds', sentence: 'Methods that the path does not have are refused.' }];
  if (status !== 405) {
    const sentence = `${what} is answered ${status}, and the specification has no such operation: it must be refused with 405.`;
    return [{ rule: 'method', result: 'broken', way: what, sentence }];
  }
  const allowed = (headers.get('allow') ?? '').toUpperCase().split(/\s*,\s*/);
  const missing = known.filter((method) => !allowed.includes(method));
  const sentence = `${what} is answered 405, and its header Allow lacks ${missing.join(', ')} (RFC 9110 section 15.5.6).`;
  return [
    { rule: 'method', result: 'holds', sentence: 'Methods that the path does not have are refused.' },
    missing.length > 0
      ? { rule: 'Allow', result: 'broken', sentence }
      : { rule: 'Allow', result: 'holds', sentence: `The header Allow has ${labelOf(operation).split(' ')[0]}.` },
  ];
}
