// Documents that no vendor wrote, each large or odd in one way. Made from a seed, so that they are the same each time.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Part = Record<string, Json>;

const ref = (name: string): Part => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json): Part => ({ 'application/json': { schema } });
const ok = (schema: Json): Part => ({ '200': { description: 'Yes.', content: json(schema) } });

/** An object that has each entry as its own property, `__proto__` too. */
const named = (entries: readonly (readonly [string, Json])[]): Part => Object.fromEntries(entries);

export function document(version: '3.0.3' | '3.1.0', rest: Part): Part {
  return { openapi: version, info: { title: 'Made for a test', version: '1' }, paths: {}, ...rest };
}

/** A small generator of pseudo-random numbers below a limit (Lehmer, Park and Miller). */
function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

/** 1,000 operations of 3.0 and as many schemas, which refer to each other in every direction. */
export function manyOperations(count = 1000, seed = 1): Part {
  const next = random(seed);
  const schema = (index: number): Part => ({
    type: 'object',
    description: `The thing number ${index}.`,
    required: ['id', `field${index % 5}`],
    properties: {
      id: { type: 'integer', readOnly: true },
      ...named(
        [0, 1, 2, 3, 4].map((field) => [
          `field${field}`,
          [
            { type: 'string', nullable: true },
            { type: 'number' },
            { type: 'array', items: ref(`Thing${next(count)}`) },
          ][next(3)] ?? {},
        ]),
      ),
      other: ref(`Thing${next(count)}`),
      state: { type: 'string', enum: ['new', 'old', `own-${index}`] },
    },
  });
  const path = (index: number): Part => ({
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
    get: { operationId: `getThing${index}`, responses: ok(ref(`Thing${index}`)) },
    put: {
      operationId: `putThing${index}`,
      requestBody: { required: true, content: json(ref(`Thing${index}`)) },
      responses: { ...ok(ref(`Thing${next(count)}`)), '4XX': { $ref: '#/components/responses/Wrong' } },
    },
  });
  const indexes = Array.from({ length: count }, (_, index) => index);
  return document('3.0.3', {
    paths: named(indexes.slice(0, count / 2).map((index) => [`/things/${index}/{id}`, path(index)])),
    components: {
      schemas: named(indexes.map((index) => [`Thing${index}`, schema(index)])),
      responses: { Wrong: { description: 'No.', content: json({ type: 'object' }) } },
    },
  });
}

/** Schemas that contain themselves: through properties, lists, choices, each other, and their own base. */
export function recursive(): Part {
  const pet = (kind: string): Part => ({
    allOf: [ref('Pet'), { type: 'object', properties: { [kind]: { type: 'boolean' } }, required: [kind] }],
  });
  const deep = (depth: number): Part =>
    depth === 0
      ? { type: 'object', properties: { bottom: ref('Deep') } }
      : { allOf: [deep(depth - 1), { type: 'object', properties: { [`level${depth}`]: { type: 'integer' } } }] };
  return document('3.1.0', {
    paths: { '/json': { get: { operationId: 'getJson', responses: ok(ref('JsonValue')) } } },
    components: {
      schemas: {
        JsonValue: {
          oneOf: [
            { type: ['string', 'number', 'boolean', 'null'] },
            { type: 'array', items: ref('JsonValue') },
            { type: 'object', additionalProperties: ref('JsonValue') },
          ],
        },
        Tree: { type: 'object', properties: { value: true, children: { type: 'array', items: ref('Tree') } } },
        Nested: { type: 'array', items: ref('Nested') },
        'nested-a': { type: 'array', items: ref('nested-b') },
        'nested-b': { anyOf: [{ type: 'string' }, ref('nested-a'), ref('Tree')] },
        Pair: { type: 'array', prefixItems: [{ type: 'string' }, ref('Pair')] },
        Husband: { type: 'object', properties: { wife: ref('Wife') } },
        Wife: { allOf: [{ type: 'object', properties: { husband: ref('Husband') } }, ref('Person')] },
        Person: {
          type: 'object',
          required: ['spouse'],
          properties: { spouse: { oneOf: [ref('Wife'), ref('Husband')] } },
        },
        Pet: {
          type: 'object',
          required: ['kind'],
          properties: { kind: { type: 'string' }, friend: ref('Pet') },
          discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', dog: '#/components/schemas/Dog' } },
          oneOf: [ref('Cat'), ref('Dog')],
        },
        Cat: pet('purrs'),
        Dog: pet('barks'),
        Deep: deep(100),
        Part: {
          type: 'object',
          properties: { inner: { type: 'object', properties: { again: ref('Part/properties/inner') } } },
        },
      },
    },
  });
}

export const oddTexts = [
  'with space',
  'dotted.name',
  'dash-ed',
  '2leading',
  '404',
  '1e21',
  '1.0',
  '-1',
  'class',
  'default',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'parameters',
  '$ref?',
  '100%',
  '%41',
  'a#/b',
  'a#b',
  '~0~1',
  '"quoted"',
  "it's",
  '`back`tick`',
  '${template}',
  'back\\slash',
  '*/ end of comment',
  'größe',
  '名前',
  '🙂',
  '\u202Eright to left\u202C',
  'עברית',
  'line\nbreak',
  'separator\u2028\u2029',
  'tab\t',
  'zero\u0000',
  'x-extension',
  'long'.repeat(200),
];

/** Names that are odd wherever OpenAPI allows a name. */
export function oddNames(): Part {
  const components = ['2fa', '404', '1.0', 'a-b', 'a_b', 'a.b', 'A-B', '_', '-', '.', '__', 'class', 'string', 'String']
    .concat(['Record', 'record', 'Omit', 'WithRequired', 'Array', 'paths', 'components', 'operations', 'constructor'])
    .concat(['__proto__', 'toString', 'x-thing', 'APIKey', 'apiKey', 'VeryLong'.repeat(50)]);
  const properties = named(
    oddTexts.map((text) => [
      text,
      { type: 'object', properties: { [text]: { type: 'object', properties: { in: true } } } },
    ]),
  );
  return document('3.1.0', {
    paths: named(
      oddTexts.map((text, index) => [
        `/${text}/{id}`,
        {
          post: {
            operationId: text,
            parameters: [
              { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
              { name: text, in: 'query', schema: ref(components[index % components.length] ?? '') },
            ],
            requestBody: { content: { [`text/${text}`]: { schema: { type: 'string' } } } },
            responses: {
              '200': {
                description: text,
                headers: { [`X-${text}`]: { schema: { type: 'string' } } },
                content: json({ type: 'object', required: oddTexts, properties }),
              },
            },
          },
        },
      ]),
    ),
    components: {
      schemas: named([
        ...components.map((name) => [name, { type: 'object', properties, required: oddTexts }] as const),
        ['Extended', { allOf: [ref('2fa')], required: oddTexts }],
      ]),
      responses: named(components.map((name) => [name, { description: name, content: json(ref(name)) }])),
      parameters: named(components.map((name) => [name, { name, in: 'query', schema: ref(name) }])),
    },
  });
}

/** Descriptions, examples, defaults and enumerations with whatever a comment or a string might stumble over. */
export function oddTextsEverywhere(): Part {
  const schema = (text: string): Part => ({
    type: 'string',
    title: text,
    description: `${text}\n * @example */ ${text}`,
    format: text,
    default: text,
    examples: [text, { $ref: 'https://example.invalid/never' }],
    enum: [...oddTexts, text],
  });
  return document('3.1.0', {
    'x-extension': { $ref: 'https://example.invalid/never' },
    paths: {
      'x-note': 'no path',
      '/texts': {
        summary: '*/',
        get: {
          summary: '*/ `',
          description: '*/',
          responses: { 'x-note': 'no response', ...ok({ const: '*/ "quoted" \\' }) },
        },
      },
    },
    components: {
      schemas: {
        ...named(oddTexts.map((text, index) => [`Text${index}`, schema(text)])),
        Constants: { enum: [null, true, -1, 0.5, 1e21, { a: ["it's"], __proto__: 1 }, [], {}] },
        Nothing: { const: null },
        Numbers: { type: 'integer', enum: [-1, 0, 1, 9_007_199_254_740_991] },
      },
    },
  });
}

/** The same absences in the words of 3.0 and of 3.1, and choices told apart by a property. */
export function absences(version: '3.0.3' | '3.1.0'): Part {
  const orNull = (type: string, rest: Part = {}): Part =>
    version === '3.0.3' ? { type, nullable: true, ...rest } : { type: [type, 'null'], ...rest };
  const variant = (name: string): Part => ({
    type: 'object',
    required: ['kind'],
    properties: { kind: { type: 'string' }, [name]: orNull('integer') },
  });
  return document(version, {
    paths: { '/shapes': { get: { operationId: 'listShapes', responses: ok({ type: 'array', items: ref('Shape') }) } } },
    components: {
      schemas: {
        Absent: {
          type: 'object',
          required: ['text', 'list', 'object', 'choice'],
          properties: {
            text: orNull('string'),
            list: orNull('array', { items: { type: 'string' } }),
            object: orNull('object', { properties: { a: { type: 'string' } } }),
            choice: orNull('string', { enum: ['a', "b'", null] }),
          },
        },
        Shape: {
          oneOf: [ref('Circle'), ref('Square')],
          discriminator: { propertyName: 'kind', mapping: { round: 'Circle', square: '#/components/schemas/Square' } },
        },
        Circle: variant('radius'),
        Square: variant('side'),
        ...(version === '3.1.0'
          ? { Wide: { ...ref('Square'), properties: { width: { type: 'number' } }, required: ['width'] } }
          : {}),
      },
    },
  });
}

/** No operation has an id; parts of the document refer to parts that are no components. */
export function nameless(): Part {
  const answer = {
    type: 'object',
    properties: { items: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } } },
  };
  const place = '#/paths/~1things/get/responses/200/content/application~1json/schema/properties/items/items';
  return document('3.1.0', {
    paths: {
      '/things': { get: { responses: ok(answer) }, post: { responses: ok({ $ref: place }) } },
      '/things/{id}': { $ref: '#/components/pathItems/thing' },
    },
    webhooks: { changed: { $ref: '#/components/pathItems/thing' } },
    components: {
      pathItems: {
        thing: { put: { operationId: 'putThing', responses: { '204': { $ref: '#/components/responses/Alias' } } } },
      },
      responses: { Alias: { $ref: '#/components/responses/Done' }, Done: { description: 'Done.' } },
      schemas: {
        Local: {
          type: 'object',
          properties: { a: { $ref: '#/components/schemas/Local/$defs/b' } },
          $defs: { b: { type: 'string' } },
        },
      },
    },
  });
}
