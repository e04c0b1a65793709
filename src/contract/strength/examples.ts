import { valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import type { AnswerPlace } from './answer-place.ts';
import type { Exchange } from './exchange.ts';
import { isObject } from '../../verify/mutation/json.ts';
import type { Subject } from '../../verify/mutation/targets.ts';

/** The answers that the specification gives as examples, as if a provider had given them. */
export function exampleExchanges({ api: { document }, answers }: Subject): Exchange[] {
  const read = (steps: readonly string[]): unknown => valueAt(document, follow(document, steps));
  return answers.flatMap((answer) => {
    const { mediaType, schema } = answer;
    if (!schema || mediaType === undefined) return [];
    const content = schema.slice(0, -1);
    const named = read([...content, 'examples']);
    const examples = [
      read([...content, 'example']),
      ...Object.keys(isObject(named) ? named : {}).map((name) => read([...content, 'examples', name, 'value'])),
    ];
    return examples.filter((body) => body !== undefined).map((body) => toExchange(answer, mediaType, body));
  });
}

function toExchange({ operation, status, headers }: AnswerPlace, mediaType: string, body: unknown): Exchange {
  const code = /^\d+$/.test(status) ? Number(status) : Number(status.replace(/^(\d).*/, '$100')) || 500;
  const named = Object.fromEntries(headers.map((name) => [name.toLowerCase(), 'example']));
  return {
    contract: '',
    index: 0,
    interaction: '',
    operation: operation.id,
    request: { method: operation.method.toUpperCase(), path: operation.path, headers: {}, body: '' },
    answer: { status: code, headers: { ...named, 'content-type': mediaType }, body: JSON.stringify(body) },
    states: new Map(),
  };
}
