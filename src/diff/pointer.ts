import type { OpenApiDocument } from '../openapi/document.ts';
import { follow, partAt } from '../openapi/look-up.ts';
import { isList, toPointer, valueAt } from '../util/json.ts';
import type { PlacedChange } from './diff.ts';

/** Where a change stands in the new document, or what is nearest to it there, as a JSON pointer. */
export function pointerOf(document: OpenApiDocument, change: PlacedChange): string {
  const { schema, place = '' } = change;
  const steps = schema ? stepsIn(document, schema, place) : [...stepsOf(document, change)];
  while (steps.length > 0 && valueAt(document, steps) === undefined) steps.pop();
  return toPointer(steps);
}

/** The steps to a place of a body, such as `$[*].name`, as far as properties and items lead there. */
function stepsIn(document: OpenApiDocument, schema: readonly string[], place: string): string[] {
  let steps = [...schema];
  for (const step of place.match(/\.[^.[]+|\[\*\]/g) ?? []) {
    const below = [...follow(document, steps), ...(step === '[*]' ? ['items'] : ['properties', step.slice(1)])];
    if (valueAt(document, below) === undefined) break;
    steps = below;
  }
  return steps;
}

function stepsOf(document: OpenApiDocument, change: PlacedChange): readonly string[] {
  const { steps, part, status, parameter, contentType } = change;
  if (steps === undefined) return [change.rule.startsWith('server') ? 'servers' : change.rule];
  const content = contentType === undefined ? [] : ['content', contentType];
  if (part === 'access') return [...steps, 'security'];
  if (part === 'response') {
    const header = parameter === undefined ? content : ['headers', parameter];
    return [...steps, 'responses', ...(status === undefined ? [] : [status, ...header])];
  }
  if (part !== 'request') return steps;
  if (parameter === undefined) return [...steps, 'requestBody', ...content];
  const parameters = valueAt(document, [...steps, 'parameters']);
  const index = (isList(parameters) ? [...parameters.keys()] : []).find((each) => {
    const { fields } = partAt(document, [...steps, 'parameters', String(each)]) ?? {};
    return `${String(fields?.['name'])} (${String(fields?.['in'])})` === parameter;
  });
  return index === undefined ? steps : [...steps, 'parameters', String(index)];
}
