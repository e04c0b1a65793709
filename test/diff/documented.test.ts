// The table of docs/diff.md names each keyword of JSON Schema and each field of OpenAPI.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { entriesOf, fieldsOf, isList, parseObject, type Fields } from '../../src/util/json.ts';

const rows = (await readFile('docs/diff.md', 'utf8')).split('\n').filter((line) => line.startsWith('|'));

const keywords =
  '$id $schema $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs allOf anyOf oneOf not if then else ' +
  'dependentSchemas prefixItems items contains properties patternProperties additionalProperties propertyNames ' +
  'unevaluatedItems unevaluatedProperties type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum ' +
  'maxLength minLength pattern maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required ' +
  'dependentRequired title description default deprecated readOnly writeOnly examples format contentEncoding ' +
  'contentMediaType contentSchema';

test.each(keywords.split(' '))('the keyword %s', (keyword) => {
  expect(rows.some((row) => row.includes(`\`${keyword}\``))).toBe(true);
});

/** Objects that are told in the row of another. */
const within: Readonly<Record<string, string>> = {
  explodeforform: 'parameter',
  parameterlocation: 'parameter',
  apikeysecurityscheme: 'securityscheme',
  httpsecurityscheme: 'securityscheme',
  oauth2securityscheme: 'securityscheme',
  openidconnectsecurityscheme: 'securityscheme',
  implicitoauthflow: 'oauthflows',
  passwordoauthflow: 'oauthflows',
  clientcredentialsflow: 'oauthflows',
  authorizationcodeoauthflow: 'oauthflows',
  examples: 'parameter',
};

const plain = (name: string): string => name.replaceAll(/[^a-z\d]/gi, '').toLowerCase();

/** The names of the properties that a meta-schema has anywhere. */
function propertiesIn(schema: unknown): string[] {
  if (isList(schema)) return schema.flatMap(propertiesIn);
  const below = entriesOf(schema).flatMap(([key, value]) =>
    /^(?:default|enum|const)$/.test(key) ? [] : propertiesIn(value),
  );
  return [...entriesOf(fieldsOf(schema)?.['properties']).map(([name]) => name), ...below];
}

const official = await Promise.all(
  ['3.0', '3.1'].map(async (version): Promise<[string, Fields]> => {
    return [version, parseObject(await readFile(`src/openapi/load/official/${version}.json`, 'utf8')) ?? {}];
  }),
);

describe.each(official)('OpenAPI %s', (_version, { properties, definitions, $defs }) => {
  const objects = [['document', { properties }] as const, ...entriesOf(definitions ?? $defs)];
  test.each(
    objects
      .filter(([, schema]) => propertiesIn(schema).length > 0)
      .map(([name, schema]) => [name, propertiesIn(schema)] as const),
  )('%s', (name, fields) => {
    const own = within[plain(name)] ?? plain(name);
    const found = rows.filter((row) => (row.split('|')[1] ?? '').split(',').some((each) => plain(each) === own));
    const text = found.join('\n') + (own === 'schema' ? rows.join('\n') : '');
    const isNone = text.includes('all: they only describe');
    expect(isNone ? [] : fields.filter((field) => !text.includes(`\`${field}\``))).toEqual([]);
    expect(text).not.toBe('');
  });
});
