// Types say what the schemas allow, and a schema that has no type does not take the others with it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateForProject } from '../../src/types/generate.ts';
import { compile } from '../support/compile.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const reference = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const note = (kind: string): object => ({
  type: 'object',
  required: ['noteType'],
  properties: { noteType: { type: 'string', enum: [kind] } },
});
const schemas = {
  Note: { oneOf: [reference('TextNote'), reference('LinkNote')], discriminator: { propertyName: 'noteType' } },
  TextNote: note('text'),
  LinkNote: note('link'),
  Pet: {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    properties: { kind: { enum: ['cat', 'dog'] } },
  },
  Cat: { allOf: [reference('Pet'), { type: 'object', properties: { lives: { type: 'integer' } } }] },
  Animal: {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    properties: { kind: { type: 'string' } },
  },
  Cow: { allOf: [reference('Animal'), { type: 'object', properties: { milk: { type: 'integer' } } }] },
  Open: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }], items: { type: 'number' } },
  Closed: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }], items: false, minItems: 2 },
  Defaulted: { type: 'object', properties: { count: { type: 'integer', default: 3 } } },
  Nullable: { type: ['object', 'null'], properties: { a: { type: 'string' } } },
  Required: { allOf: [reference('Nullable')], required: ['a'] },
  Self: { allOf: [reference('Self'), { type: 'object' }] },
  Holder: { type: 'object', properties: { self: reference('Self'), name: { type: 'string' }, odd: 'text' } },
};

let folder: TemporaryFolder;
let warnings: string[];
beforeAll(async () => {
  const document = {
    openapi: '3.1.0',
    info: { title: 'A', version: '1' },
    paths: {
      '/a': {
        get: { operationId: 'a', responses: { default: { description: 'Any.' } } },
        put: { operationId: 'a', responses: { default: { description: 'Any.' } } },
      },
    },
    components: { schemas },
  };
  folder = await temporaryFolder({ 'spec.json': JSON.stringify(document) });
  const made = await generateForProject({ spec: { file: join(folder.path, 'spec.json') }, allowRemote: false });
  warnings = made.warnings.map((each) => each.replace(folder.path, '.'));
  await writeFile(join(folder.path, 'types.ts'), Object.values(made.files).join(''));
  const compilerOptions = { strict: true, noEmit: true, types: [], module: 'nodenext', lib: ['esnext'] };
  await writeFile(
    join(folder.path, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, allowImportingTsExtensions: true }, include: ['use.ts'] }),
  );
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

test('values that the schemas allow have the types, and others have not', async () => {
  const uses = [
    "export const note: types.Note = { noteType: 'text' };",
    "export const cat: types.Cat = { kind: 'cat' };",
    "export const cow: types.Cow = { kind: 'Cow' };",
    "export const open: types.Open[] = [[], [1], [1, 'a'], [1, 'a', 2, 3]];",
    "export const closed: types.Closed = [1, 'a'];",
    'export const defaulted: types.Defaulted = {};',
    "export const required: types.Required = { a: 'text' };",
    "export const holder: types.Holder = { self: 1, name: 'a', odd: [] };",
    "export type Twice = types.operations['PUT /a'];",
  ];
  const misuses = [
    "export const note2: types.Note = { noteType: 'TextNote' };",
    "export const open2: types.Open = ['a'];",
    "export const closed2: types.Closed = [1, 'a', 2];",
    'export const required2: types.Required = {};',
    'export const holder2: types.Holder = { name: 1 };',
  ].flatMap((each) => ['// @ts-expect-error', each]);
  await writeFile(
    join(folder.path, 'use.ts'),
    ["import type * as types from './types.ts';", ...uses, ...misuses].join('\n'),
  );
  expect(compile(folder.path)).toBe('');
});

test('a schema without a type is named', () => {
  expect(warnings).toEqual([
    './spec.json:1: /components/schemas/Holder/properties/odd is a string, not a schema, and is taken as one that allows anything.',
    './spec.json:1: /paths/~1a/put/operationId is a, as at /paths/~1a/get; this operation is called PUT /a.',
    "./spec.json:1: /components/schemas/Self has no type, and is unknown in the types: Type alias 'Self' circularly references itself.",
  ]);
});
