import { follow } from '../../openapi/look-up.ts';
import { parseJson } from '../../mock/parse-json.ts';
import { documentedStatus } from './answer-place.ts';
import type { Answer, Exchange } from './exchange.ts';
import { isRequiredHeader } from './required-header.ts';
import type { Subject } from '../../verify/mutation/targets.ts';

/** Whether the specification allows an answer to the request of an exchange: its status, headers, media type and body. */
export function conforms({ api, answers }: Subject, { operation }: Exchange, answer: Answer): boolean {
  const own = answers.filter((each) => each.operation.id === operation);
  const status = documentedStatus(
    own.map((each) => each.status),
    answer.status,
  );
  const place = own.find((each) => each.status === status);
  if (!place) return false;
  const { document, schemas } = api;
  const missing = place.headers.some(
    (name) => isRequiredHeader(document, place, name) && !(name.toLowerCase() in answer.headers),
  );
  if (missing) return false;
  if (place.mediaType === undefined) return answer.body === '';
  const [type = ''] = (answer.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== place.mediaType.toLowerCase()) return false;
  if (!place.schema) return true;
  const body = parseJson(answer.body);
  return body !== undefined && schemas.check(follow(document, place.schema), body).length === 0;
}
