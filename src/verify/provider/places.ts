import { fieldsOf, jsonTypeOf, memberStep, wordOf, type JsonType } from '../../util/json.ts';

/** A step into a body: a key that the contract names, or `*` for an item of an array and any other key. */
type Step = { key: string } | '*';

export function writeSteps(steps: readonly Step[]): string {
  return steps.map((step) => (step === '*' ? '[*]' : memberStep(step.key))).join('');
}

export const statusPlace = '$.response.status';

export function headerPlace(name: string): string {
  return `$.response.headers${writeSteps([{ key: name }])}`;
}

export const bodyPlace = '$.response.body';

/** The places in the body that a contract describes: the leaves of its example, with `[*]` for items. */
export function bodyPlaces(example: unknown, place = bodyPlace): string[] {
  if (example === undefined) return [];
  if (typeof example !== 'object' || example === null) return [place];
  const first: unknown = Object.values(example)[0];
  if (first === undefined) return [place];
  if (Array.isArray(example)) return bodyPlaces(first, place + writeSteps(['*']));
  return Object.entries(example).flatMap(([key, value]) => bodyPlaces(value, place + writeSteps([{ key }])));
}

/** Stands for an unknown example: every key may be shown. Not for a live provider. */
export const anyKeys = Symbol('any keys');

/**
 * The place of a path of Pact: `$[3].name` is `$.response.body[*].name`. A key that the contract does not name may be a
 * person's name, and becomes `[*]`.
 */
export function bodyPlaceAt(path: string, example: unknown, further: readonly string[] = []): string {
  const steps: Step[] = [];
  let here = example;
  for (const key of [...stepsOf(path), ...further]) {
    if (example === anyKeys) {
      steps.push(/^(\d+|\*)$/.test(key) ? '*' : { key });
      continue;
    }
    const fields = fieldsOf(here);
    const named = fields !== undefined && Object.hasOwn(fields, key);
    steps.push(named ? { key } : '*');
    here = named ? fields[key] : Object.values(fields ?? (Array.isArray(here) ? here : []))[0];
  }
  return bodyPlace + writeSteps(steps);
}

/** The keys of a path of Pact: `$.a[0]['b c']` has `a`, `0` and `b c`. */
function stepsOf(path: string): string[] {
  const steps = path.matchAll(/\.([^.[\]]+)|\[(\d+|\*)\]|\['((?:[^'\\]|\\.)*)'\]/g);
  return [...steps].map(([, name, index, quoted]) => name ?? index ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? '');
}

/** All that a verdict may say of a value. */
export function kindOf(value: unknown): JsonType | 'nothing' {
  return value === undefined ? 'nothing' : jsonTypeOf(value);
}

export function withArticle(kind: JsonType | 'nothing'): string {
  return kind === 'nothing' ? kind : wordOf(kind);
}

const registered = /^(application|audio|font|image|message|model|multipart|text|video)\/[a-z0-9.+-]{1,60}$/i;

/** A media type within a sentence. Anything else is not repeated. */
export function mediaTypeOf(contentType: string): string {
  const [type = ''] = contentType.split(';');
  if (type.trim() === '') return 'no content type';
  return registered.test(type.trim()) ? type.trim() : 'another content type';
}
