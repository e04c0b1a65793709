import type { ErrorObject } from 'ajv';
import { shorten } from '../../util/errors.ts';
import { fromPointer } from '../../util/json.ts';

/** What is wrong in a request, in the words and the form of Prism. */
export interface RequestViolation {
  /** The place and the steps in it; undefined for the body as a whole. */
  path?: string[];
  code: string | number;
  message: string;
  severity: 'Error' | 'Warning';
}

/** What Ajv says, or the like of it. */
export type Wrong = Pick<ErrorObject, 'keyword' | 'instancePath' | 'message'> & { params?: ErrorObject['params'] };

export function wrong(keyword: string, message: string): Wrong {
  return { keyword, instancePath: '', message };
}

/** A media type that is not documented. */
export function unsupported(message: string): RequestViolation {
  return { code: 415, message, severity: 'Error' };
}

/** Characters of a name in a request that are repeated, and of allowed values that are told. */
const longest = 200;
const mostValues = 200;

function listed(values: readonly unknown[]): string {
  const rest = values.length > mostValues ? ` and ${values.length - mostValues} more` : '';
  return values.slice(0, mostValues).join(', ') + rest;
}

/** An error of Ajv in Prism's words, with the parameter's name in small letters. */
export function describeWrong(
  { keyword, instancePath, message = '', params = {} }: Wrong,
  place: string,
  name?: string,
): RequestViolation {
  const below = fromPointer(instancePath).map((step) => shorten(step, longest));
  const steps = [...(name === undefined ? [] : [name.toLowerCase()]), ...below];
  const { allowedValues, additionalProperty, unevaluatedProperty }: Record<string, unknown> = params;
  const what = steps.length === 0 ? '' : `${place === 'body' ? 'property' : 'parameter'} ${steps.join('.').trim()} `;
  const details = [
    Array.isArray(allowedValues) ? `: ${listed(allowedValues)}` : '',
    typeof additionalProperty === 'string' ? `; found '${shorten(additionalProperty, longest)}'` : '',
    typeof unevaluatedProperty === 'string' ? `: '${shorten(unevaluatedProperty, longest)}'` : '',
  ];
  const text = `Request ${place} ${what}${shorten(message, 1000)}${details.join('')}`;
  return { path: [place, ...steps], code: keyword, message: text, severity: 'Error' };
}

export function deprecated(place: string, name: string): RequestViolation {
  const message = `${place.slice(0, 1).toUpperCase()}${place.slice(1)} param ${name} is deprecated`;
  return { path: [place, name], code: 'deprecated', message, severity: 'Warning' };
}
