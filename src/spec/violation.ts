import type { ErrorObject } from 'ajv';
import { fromPointer } from '../util/json.ts';

/** One place where a value is not as its schema demands. */
export interface Violation {
  /** Where in the value, as a JSON path (RFC 9535): `$[3].name`. */
  path: string;
  /** The same place as keys. */
  steps: string[];
  expected: string;
  found: string;
}

/** Puts an Ajv error into the words of a person. */
export function describeViolation(error: ErrorObject): Violation {
  const steps = fromPointer(error.instancePath);
  const { missingProperty, additionalProperty }: Record<string, unknown> = error.params;
  if (error.keyword === 'required') {
    return {
      path: toJsonPath([...steps, String(missingProperty)]),
      steps,
      expected: 'to be present',
      found: 'nothing',
    };
  }
  if (error.keyword === 'additionalProperties') {
    // What else the object holds is nobody's business; it may be a secret.
    const surplus = [...steps, String(additionalProperty)];
    return { path: toJsonPath(surplus), steps: surplus, expected: 'no such property', found: 'one' };
  }
  return { path: toJsonPath(steps), steps, expected: expectation(error), found: show(error.data) };
}

function expectation({ keyword, params, message }: ErrorObject): string {
  const list = (values: unknown): string => [values].flat().map(String).join(' or ');
  switch (keyword) {
    case 'type':
      return list(params['type']);
    case 'format':
      return `a string of format ${String(params['format'])}`;
    case 'enum':
      return `one of ${JSON.stringify(params['allowedValues'])}`;
    case 'const':
      return JSON.stringify(params['allowedValue']);
    default:
      return (message ?? keyword).replace(/^must /, 'to ');
  }
}

/** A JSON path: `['3', 'a b']` becomes `$[3]['a b']`. */
export function toJsonPath(steps: readonly string[]): string {
  const parts = steps.map((step) => {
    if (/^\d+$/.test(step)) return `[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${step.replaceAll(/['\\]/g, String.raw`\$&`)}']`;
  });
  return `$${parts.join('')}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
