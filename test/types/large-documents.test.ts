// Types of documents that are large or odd: what comes out compiles strictly, says what the document says, and is the
// same each time.
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assert, asyncProperty, constantFrom, oneof, uniqueArray } from 'fast-check';
import ts from 'typescript';
import { generateForProject } from '../../src/types/generate.ts';
import { anyText } from '../support/any-text.ts';
import { compile } from '../support/compile.ts';
import { isLong, runs } from '../support/runs.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import {
  absences,
  document,
  manyOperations,
  nameless,
  oddNames,
  oddTexts,
  oddTextsEverywhere,
  recursive,
} from './large-documents.ts';

const documents = {
  'many-operations': manyOperations(runs(30, 300)),
  recursive: recursive(),
  'odd-names': oddNames(),
  'odd-texts': oddTextsEverywhere(),
  'absences-30': absences('3.0.3'),
  'absences-31': absences('3.1.0'),
  nameless: nameless(),
  empty: document('3.1.0', {}),
};

let folder: TemporaryFolder;
let generated: Record<string, string>;
beforeAll(async () => {
  folder = await temporaryFolder();
  generated = {};
  for (const [name, content] of Object.entries(documents)) generated[name] = await typesOf(name, content);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

/** The types of a document, written beside it. */
async function typesOf(name: string, content: object): Promise<string> {
  const file = join(folder.path, `${name}.json`);
  await writeFile(file, JSON.stringify(content));
  const { files } = await generateForProject({ spec: { file }, allowRemote: false });
  return Object.values(files).join('');
}

/** The names of an exported interface's members, as TypeScript reads them. */
function membersOf(text: string, name: string): string[] {
  const source = ts.createSourceFile('types.ts', text, ts.ScriptTarget.ESNext);
  const found = source.statements.filter(ts.isInterfaceDeclaration).find((each) => each.name.text === name);
  return (found?.members ?? []).flatMap((member) => {
    return member.name && !ts.isComputedPropertyName(member.name) ? [member.name.text] : [];
  });
}

const use = `
import type { components as R, Cat, Dog, JsonValue, NestedA, Pet } from './recursive.ts';
export const value: JsonValue = [1, 'a', null, { b: [true, []] }];
export const nested: NestedA = [[], 'a', [['b']]];
export const cat: Cat = { kind: 'cat', purrs: true, friend: { kind: 'dog', barks: true } };
// @ts-expect-error a dog does not purr
export const dog: Dog = { kind: 'dog', purrs: true };
export const kind = (pet: Pet): 'cat' | 'dog' => pet.kind;
export const bottom: R['schemas']['Deep'] = { bottom: { level100: 1 } };
// @ts-expect-error a function is no JSON
export const wrong: JsonValue = [() => 1];

import type { Absent as Absent30, Circle as Circle30 } from './absences-30.ts';
import type { Absent as Absent31, Circle as Circle31, Wide } from './absences-31.ts';
const absent = { text: null, list: null, object: null, choice: null };
export const same: [Absent30, Absent31] = [absent, absent];
export const choice: Absent30['choice'] & Absent31['choice'] = "b'";
export const round: [Circle30, Circle31] = [{ kind: 'round', radius: null }, { kind: 'round' }];
export const wide: Wide = { kind: 'square', side: 1, width: 2 };
// @ts-expect-error what stands beside a reference counts
export const narrow: Wide = { kind: 'square', side: 1 };

import type { operations, Schema2fa, SchemaRecord, AB, AB_2, AB_4 } from './odd-names.ts';
type Answer = operations['100%']['responses'][200]['content']['application/json'];
export const percent = (answer: Answer, two: Schema2fa & SchemaRecord): unknown => [answer['%41']['%41']?.in, two['404']];
export type Each = [AB, AB_2, AB_4, operations['a#b'], operations['a#/b'], operations['__proto__'], operations['🙂']];

import type { Constants, Nothing, Text0 } from './odd-texts.ts';
export const texts: [Nothing, Text0, Constants] = [null, '*/ end of comment', 0.5];

import type { paths, Local, webhooks } from './nameless.ts';
export type Item = paths['/things']['post']['responses'][200]['content']['application/json'];
export const item: Item = { id: 'a' };
export const local: Local = { a: 'b' };
export type Changed = webhooks['changed']['put']['responses'][204];
`;

const compilerOptions = {
  strict: true,
  // What is generated is no declaration file: this passes over TypeScript's own alone.
  skipLibCheck: true,
  lib: ['esnext'],
  noEmit: true,
  allowImportingTsExtensions: true,
  module: 'nodenext',
  types: [],
};

describe('a document that is large or odd', () => {
  test('gives types that compile strictly and say what it says', async () => {
    for (const [name, text] of Object.entries(generated)) await writeFile(join(folder.path, `${name}.ts`), text);
    await writeFile(join(folder.path, 'use.ts'), use);
    await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    expect(compile(folder.path)).toBe('');
  });

  (isLong ? test : test.skip)('gives the same bytes each time', async () => {
    const { 'many-operations': _, ...small } = documents;
    const some = Object.entries(small).slice(0, runs(2, Infinity));
    for (const [name, content] of some) expect(await typesOf(name, content)).toBe(generated[name]);
    expect(await typesOf('some', manyOperations(20))).toBe(await typesOf('some', manyOperations(20)));
  });

  test('keeps every name', async () => {
    const text = generated['odd-names'] ?? '';
    expect(membersOf(text, 'operations')).toEqual(oddTexts);
    expect(membersOf(text, 'paths')).toEqual(oddTexts.map((name) => `/${name}/{id}`));
  });
});

test('any name of an operation, a property, a parameter and a path comes out as it went in', async () => {
  const name = anyText({ minLength: 1, maxLength: 20 });
  const names = uniqueArray(oneof(name, constantFrom(...oddTexts)), { minLength: 1, maxLength: 10 });
  await assert(
    asyncProperty(names, async (found) => {
      const schema = {
        type: 'object',
        required: found,
        properties: Object.fromEntries(found.map((each) => [each, { type: 'object', properties: { a: true } }])),
      };
      const operation = (each: string): object => ({
        operationId: each,
        parameters: [{ name: each, in: 'query', schema: { enum: found } }],
        responses: { '200': { description: each, content: { 'application/json': { schema } } } },
      });
      const text = await typesOf(
        'any',
        document('3.1.0', {
          ...JSON.parse(
            JSON.stringify({
              paths: Object.fromEntries(found.map((each) => [`/${each}`, { get: operation(each) }])),
              components: {
                schemas: { A: schema, B: { allOf: [{ $ref: '#/components/schemas/A' }], required: found } },
              },
            }),
          ),
        }),
      );
      expect(membersOf(text, 'operations')).toEqual(found);
      expect(membersOf(text, 'paths')).toEqual(found.map((each) => `/${each}`));
    }),
    { numRuns: runs(5, 50), seed: 42 },
  );
});

describe('a document that no type can follow is refused', () => {
  test('a schema that is nested deeper than any program can follow', async () => {
    const open = '{"properties":{"a":'.repeat(20_000);
    const text = `${open}{}${'}}'.repeat(20_000)}`;
    const file = join(folder.path, 'deep.json');
    await writeFile(
      file,
      `{"openapi":"3.1.0","info":{"title":"A","version":"1"},"components":{"schemas":{"A":${text}}}}`,
    );
    await expect(generateForProject({ spec: { file }, allowRemote: false })).rejects.toMatchObject({
      code: 'spec_invalid',
    });
  });
});
