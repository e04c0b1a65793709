import type { ErrorObject } from 'ajv';
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

/** An error of Ajv in Prism's words, with the parameter's name in small letters. */
export function describeWrong(
  { keyword, instancePath, message = '', params = {} }: Wrong,
  place: string,
  name?: string,
): RequestViolation {
  const steps = [...(name === undefined ? [] : [name.toLowerCase()]), ...fromPointer(instancePath)];
  const { allowedValues, additionalProperty, unevaluatedProperty }: Record<string, unknown> = params;
  const what = steps.length === 0 ? '' : `${place === 'body' ? 'property' : 'parameter'} ${steps.join('.').trim()} `;
  const details = [
    Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : '',
    typeof additionalProperty === 'string' ? `; found '${additionalProperty}'` : '',
    typeof unevaluatedProperty === 'string' ? `: '${unevaluatedProperty}'` : '',
  ];
  const text = `Request ${place} ${what}${message}${details.join('')}`;
  return { path: [place, ...steps], code: keyword, message: text, severity: 'Error' };
}

export function deprecated(place: string, name: string): RequestViolation {
  const message = `${place.slice(0, 1).toUpperCase()}${place.slice(1)} param ${name} is deprecated`;
  return { path: [place, name], code: 'deprecated', message, severity: 'Warning' };
}
