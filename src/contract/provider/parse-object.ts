import { parseJson } from '../../mock/parse-json.ts';

/** The JSON object that a body or a text is, or undefined. */
export function parseObject(text: Buffer | string): Record<string, unknown> | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
