// Schemas that lead to many others, in a process of their own: what never ends is stopped.
import { describe, expect, test } from '@jest/globals';
import { contractOf, json, jsonBody, serve } from '../verify/provider/support.ts';
import { arzamed, run, type Ended } from '../support/command.ts';
import { diffHere } from '../support/in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Json = Record<string, unknown>;

/** Runs `arzamed` with files in its folder, for fifteen seconds at most. */
async function runWith(files: Record<string, object>, ...args: string[]): Promise<Ended> {
  const texts = Object.entries(files).map(([name, content]) => [name, JSON.stringify(content)] as const);
  await using folder = await temporaryFolder(Object.fromEntries(texts));
  const places = args.map((each) => (each in files ? `${folder.path}/${each}` : each));
  return await run(process.execPath, [arzamed, ...places], { timeout: 15_000 });
}

const refer = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const numbers = (count: number): number[] => [...Array(count).keys()];

/** An API that answers, and takes if need be, the first of some schemas. */
function api(schemas: Json, more: Json = {}): Json {
  const [first = ''] = Object.keys(schemas);
  const content = { 'application/json': { schema: refer(first) } };
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1.0.0' },
    servers: [{ url: 'https://things.example' }],
    paths: {
      '/things': { get: { operationId: 'getThing', responses: { 200: { description: 'Found.', content } } }, ...more },
    },
    components: { schemas },
  };
}

/** Models of which each has all others as properties. `change` is what model 1 has in place of its own number. */
function circles(count: number, change: Json = { type: 'integer' }): Json {
  const models = numbers(count).map((index) => {
    const others = numbers(count).filter((other) => other !== index);
    const properties = Object.fromEntries(others.map((other) => [`m${other}`, refer(`M${other}`)]));
    const number = index === 1 ? change : { type: 'integer' };
    return [`M${index}`, { type: 'object', required: ['number'], properties: { number, ...properties } }] as const;
  });
  return Object.fromEntries(models);
}

/** Alternatives whose alternatives have alternatives, four at each of so many levels. */
function nested(keyword: 'oneOf' | 'anyOf', depth: number, end: Json = { type: 'integer' }): Json {
  const levels = numbers(depth).map((level) => {
    const next = refer(level + 1 === depth ? 'End' : `Level${level + 1}`);
    const alternatives = ['a', 'b', 'c', 'd'].map((kind) => ({
      type: 'object',
      required: ['kind'],
      properties: { kind: { const: kind }, next },
    }));
    return [`Level${level}`, { [keyword]: alternatives }] as const;
  });
  return { ...Object.fromEntries(levels), End: { type: 'object', properties: { number: end } } };
}

describe('arzamed diff ends', () => {
  test.each(['oneOf', 'anyOf'] as const)('where %s is nested twelve times and nothing has changed', async (keyword) => {
    const files = { 'old.json': api(nested(keyword, 12)), 'new.json': api(nested(keyword, 12)) };
    const { code, stdout } = await runWith(files, 'diff', 'old.json', 'new.json');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('; nothing has changed.') });
  });

  test('where oneOf is nested twelve times, and the end of it has changed', async () => {
    const files = { 'old.json': api(nested('oneOf', 12)), 'new.json': api(nested('oneOf', 12, { type: 'string' })) };
    const { code, stdout } = await runWith(files, 'diff', 'old.json', 'new.json');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('; the next version is a major one.'),
    });
  });

  test('where twelve models refer to each other and nothing has changed', async () => {
    const files = { 'old.json': api(circles(12)), 'new.json': api(circles(12)) };
    const { code, stdout } = await runWith(files, 'diff', 'old.json', 'new.json');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('; nothing has changed.') });
  });

  test('where twelve models refer to each other and one has changed', async () => {
    const files = { 'old.json': api(circles(12)), 'new.json': api(circles(12, { type: 'string' })) };
    const { code, stdout } = await runWith(files, 'diff', 'old.json', 'new.json');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('; the next version is a major one.'),
    });
  });
});

test('arzamed diff tells a change of a model once, however many ways lead to it', async () => {
  const { code, report } = await diffHere(api(circles(4)), api(circles(4, { type: 'string' })));
  expect({ code, rules: report.changes.map(({ rule }) => rule) }).toEqual({ code: 1, rules: ['type'] });
});

test('arzamed diff sees a change in a model that refers to itself', async () => {
  const tree = (value: Json): Json => ({
    Tree: { type: 'object', properties: { value, children: { type: 'array', items: refer('Tree') } } },
  });
  const { code, report } = await diffHere(api(tree({ type: 'integer' })), api(tree({ type: 'string' })));
  expect({ code, rules: report.changes.map(({ rule }) => rule) }).toEqual({ code: 1, rules: ['type'] });
});

describe('arzamed verify ends', () => {
  const contract = contractOf({ response: { body: jsonBody({ number: 1 }) } }).content;
  test.each([2, 12])('where %i models of an answer refer to each other', async (count) => {
    await using provider = await serve(({ method }, response) => {
      if (method === 'GET') json(response, 200, { number: 1 });
      else json(response, 405, {}, { Allow: 'GET' });
    });
    const files = { 'spec.json': api(circles(count)), 'some.json': Object(contract) };
    const args = ['--spec', 'spec.json', '--contracts', 'some.json', '--states', `${provider.url}/states`];
    const { code, stderr } = await runWith(files, 'verify', '--provider', provider.url, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
