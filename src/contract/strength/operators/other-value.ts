import type { Api } from '../../../openapi/api.ts';
import { follow } from '../../../openapi/look-up.ts';
import type { FieldPlace } from '../fields.ts';

/** Another value that the schema of a place allows, null and what has parts of its own aside; the same where none is found. */
export function otherValue(api: Api, { steps }: FieldPlace, value: unknown): unknown {
  const place = follow(api.document, steps);
  return candidates(value).find((other) => api.schemas.check(place, other).length === 0) ?? value;
}

function candidates(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value - 1];
  if (typeof value === 'boolean') return [!value];
  if (typeof value !== 'string') return [];
  const texts = [`${value} and more`, `${value}x`, '2020-02-03T04:05:06Z', '2020-02-03'];
  return [...texts, 'other@example.com', '0b8fa4a0-5a5c-4f5e-9d3a-6b1f6d6c1a2b'];
}
