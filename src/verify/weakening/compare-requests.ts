import { isDeepStrictEqual } from 'node:util';
import { selectRules, writePath } from '../../matching/compile.ts';
import { plainHeader } from '../../matching/headers.ts';
import { conditionOf, keeps, textsOf } from '../../matching/matchers.ts';
import { isOf } from '../../util/regex/find-text.ts';
import { entriesOf, fieldsOf } from '../../util/json.ts';
import { isForm } from '../../util/media-type.ts';
import type { Body, ContractRequest, PathRules, RuleList } from '../../pact/model.ts';
import { xmlOf } from './compare-xml.ts';
import { loss, type Loss } from './weakening.ts';

/**
 * What a consumer sent and no longer sends, so that no provider has to accept it. Extra parts and looser matchers of a
 * request weaken nothing that a provider owes.
 */
export function requestLosses(was: ContractRequest, is: ContractRequest): Loss[] {
  const changed = (place: string, what: string, partOf: (request: ContractRequest) => Sent | undefined): Loss[] => {
    const now = partOf(is);
    if (sendsAlike(partOf(was), now)) return [];
    return [requestLoss(place, now ? `The value of the ${what} has changed.` : `The ${what} is no longer sent.`)];
  };
  return [
    ...(was.method === is.method
      ? []
      : [requestLoss('method', `The method was ${was.method} and is now ${is.method}.`)]),
    ...(sendsAlike(pathOf(was), pathOf(is)) ? [] : [requestLoss('path', 'The path has changed.')]),
    ...[...was.query.keys()].flatMap((name) =>
      changed(`query${writePath([name])}`, `parameter ${name}`, (request) => parameterOf(request, name)),
    ),
    ...[...was.headers].flatMap(([key, { name }]) =>
      changed(`headers${writePath([name])}`, `header ${name}`, (request) => headerOf(request, key)),
    ),
    ...compareSent(was, is),
  ];
}

/** Pact's verifier sends the example, or what the generator makes of it. */
interface Sent {
  example: string;
  /** The example without what does not matter. */
  plain?: string;
  rules: RuleList | undefined;
  generator: unknown;
}

/** Another example is the same only if the rules of both contracts accept both examples. */
function sendsAlike(was: Sent | undefined, is: Sent | undefined): boolean {
  if (!was || !is || !isDeepStrictEqual(was.generator, is.generator)) return false;
  if (was.generator !== undefined || (was.plain ?? was.example) === (is.plain ?? is.example)) return true;
  return was.rules !== undefined && takes(was, is.example) && takes(is, was.example);
}

function takes({ rules, example }: Sent, text: string): boolean {
  return isOf(textsOf(conditionOf(rules, example), true), text) === true;
}

function pathOf({ path, rules, generators }: ContractRequest): Sent {
  return { example: path, rules: rules.path, generator: fieldsOf(generators)?.['path'] };
}

function parameterOf({ query, rules, generators }: ContractRequest, name: string): Sent | undefined {
  const values = query.get(name);
  const generator = fieldsOf(fieldsOf(generators)?.['query'])?.[name];
  return values && { example: values.join(), rules: rules.query.get(name), generator };
}

function headerOf({ headers, rules, generators }: ContractRequest, key: string): Sent | undefined {
  const header = headers.get(key);
  const generator = header && fieldsOf(fieldsOf(generators)?.['header'])?.[header.name];
  const example = header?.values.join(', ') ?? '';
  return header && { example, plain: plainHeader(key, example), rules: rules.header.get(key), generator };
}

function requestLoss(place: string, sentence: string): Loss {
  return loss('request', `$.request.${place}`, sentence);
}

function compareSent(was: ContractRequest, is: ContractRequest): Loss[] {
  const [before, now] = [was, is].map(({ body, contentType }) => valueOf(body, contentType));
  if (before === undefined) return [];
  if (now === undefined) return [sentLoss([], 'The body is no longer sent.')];
  if (isSameXml(was, is)) return [];
  const [made, makes] = [was, is].map(({ generators }) => fieldsOf(generators)?.['body']);
  if (!isDeepStrictEqual(made, makes))
    return [sentLoss([], 'The provider state decides other parts of the body than before.')];
  return compareValues(before, now, [was.rules.body, is.rules.body], []);
}

function isSameXml(was: ContractRequest, is: ContractRequest): boolean {
  const [before, now] = [was, is].map(xmlOf);
  return before !== undefined && isDeepStrictEqual([before, was.generators], [now, is.generators]);
}

function valueOf(body: Body, contentType: string | undefined): unknown {
  if (body.kind === 'json') return body.value;
  if (body.kind === 'binary') return Buffer.from(body.bytes).toString('base64');
  if (body.kind !== 'text') return undefined;
  if (!isForm(contentType ?? '')) return body.text;
  const form = new URLSearchParams(body.text);
  return Object.fromEntries([...form.keys()].map((name) => [name, form.getAll(name)]));
}

type Path = readonly (string | number)[];

type Rules = readonly [readonly PathRules[], readonly PathRules[]];

function compareValues(was: unknown, is: unknown, rules: Rules, path: Path): Loss[] {
  if (Array.isArray(was) && Array.isArray(is)) {
    if (was.length > is.length && !selectRules(rules[0], path)) return [sentLoss(path, 'Fewer items are sent.')];
    return was
      .slice(0, is.length)
      .flatMap((each: unknown, index) => compareValues(each, is[index], rules, [...path, index]));
  }
  const fields = fieldsOf(is);
  if (fieldsOf(was) && fields) {
    return entriesOf(was).flatMap(([name, each]) => {
      const at = [...path, name];
      return Object.hasOwn(fields, name)
        ? compareValues(each, fields[name], rules, at)
        : [sentLoss(at, 'This is no longer sent.')];
    });
  }
  if (isDeepStrictEqual(was, is) || areExamples(was, is, rules, path)) return [];
  return [sentLoss(path, 'A different value is sent.')];
}

function areExamples(was: unknown, is: unknown, rules: Rules, path: Path): boolean {
  const [before, now] = rules.map((all) => selectRules(all, path)?.rules);
  return (
    before !== undefined && keeps(is, conditionOf(before, was)) === true && keeps(was, conditionOf(now, is)) === true
  );
}

function sentLoss(path: Path, sentence: string): Loss {
  return requestLoss(`body${writePath(path)}`, sentence);
}
