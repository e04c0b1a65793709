import { entriesOf, fieldsOf } from '../../src/util/json.ts';
import { essence, isJson } from '../../src/util/media-type.ts';
import type { Call } from './requests.ts';
import type { Schemas } from './schemas.ts';

/** What came back for a right request; without a status, what kept it from coming. */
export type Answered = { status: number; type: string; body: string } | { error: string };

/** What is wrong with an answer to a right request: the kind, and more of it. `unjudged` is no fault of the answer. */
export interface Fault {
  kind: string;
  more: string;
}

/** What is wrong with an answer; undefined where it is documented and valid. */
export function judge(schemas: Schemas, { method, operation }: Call, answered: Answered): Fault | undefined {
  if ('error' in answered) return { kind: 'no answer', more: answered.error };
  const { status, type, body } = answered;
  const responses = entriesOf(operation['responses']).filter(([name]) => !name.startsWith('x-'));
  // Where the document tells of errors alone, an error is what it documents.
  const hopes = responses.some(([name]) => /^[1-3]|^default$/i.test(name));
  if (status >= 400 && hopes) return { kind: 'right request refused', more: `${status} ${body.slice(0, 300)}` };
  const names = [String(status), `${String(status)[0]}XX`, 'DEFAULT'];
  const described = names.map((name) => responses.find(([key]) => key.toUpperCase() === name)).find(Boolean);
  if (!described) return { kind: 'status not documented', more: String(status) };
  if (method === 'HEAD' || status === 204 || status === 304) {
    return body === '' ? undefined : { kind: 'body where there is none', more: body.slice(0, 100) };
  }
  try {
    const content = entriesOf(schemas.follow(described[1])?.['content']);
    if (content.length === 0) {
      return body === '' ? undefined : { kind: 'body where none is documented', more: `${type} ${body.slice(0, 100)}` };
    }
    return judgeBody(schemas, content, type, body);
  } catch (error) {
    return { kind: 'unjudged', more: String(error).slice(0, 200) };
  }
}

function judgeBody(
  schemas: Schemas,
  content: readonly [string, unknown][],
  type: string,
  body: string,
): Fault | undefined {
  const entry = content.find(([name]) => name === type) ?? content.find(([name]) => includes(name, type));
  const schemaless = content.find(([, media]) => fieldsOf(media)?.['schema'] === undefined);
  if (!entry) {
    // Nothing says what such a body looks like, so that none can be sent.
    return body === '' && schemaless ? undefined : { kind: 'media type not documented', more: type || 'none' };
  }
  const schema = fieldsOf(entry[1])?.['schema'];
  if (schema === undefined || !isJson(type)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { kind: 'no JSON', more: body.slice(0, 100) };
  }
  const fault = schemas.fault(schema, value, 'answer');
  return fault === undefined ? undefined : { kind: 'body not valid', more: fault };
}

function includes(described: string, type: string): boolean {
  const [range, sent] = [essence(described), essence(type)];
  return range === sent || range === '*/*' || (range.endsWith('/*') && sent.startsWith(range.slice(0, -1)));
}
