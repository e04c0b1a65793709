// Schemas that lead to many others. One process of their own is given them all, so that what never ends is stopped.
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { contractOf, json, jsonBody, serve } from '../verify/provider/support.ts';
import { arzamed, run, type Ended } from '../support/command.ts';
import { diffHere } from '../support/in-process.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Json = Record<string, unknown>;

interface Case {
  files: Record<string, object>;
  args: string[];
}

/** Runs commands one after the other, and prints of each how it ended. */
const program = `
  import { pathToFileURL } from 'node:url';
  const [, main, commands] = process.argv;
  const write = process.stdout.write.bind(process.stdout);
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) process[name].write = (text) => (printed[name] += text);
  for (const [index, args] of JSON.parse(commands).entries()) {
    Object.assign(printed, { stdout: '', stderr: '' });
    process.exitCode = undefined;
    process.argv = [process.execPath, main, ...args];
    // A module is run once for each of its addresses.
    await import(pathToFileURL(main).href + '?' + index);
    write(JSON.stringify({ ...printed, code: process.exitCode }) + '\\n');
  }
  process.exit(0);
`;

/** Runs `arzamed` with the files of each case, for fifteen seconds at most in all. */
async function runAll(cases: readonly Case[]): Promise<(Ended | undefined)[]> {
  const texts = cases.flatMap(({ files }, index) =>
    Object.entries(files).map(([name, content]) => [`${index}/${name}`, JSON.stringify(content)] as const),
  );
  await using folder = await temporaryFolder(Object.fromEntries(texts));
  const commands = cases.map(({ files, args }, index) =>
    args.map((each) => (each in files ? `${folder.path}/${index}/${each}` : each)),
  );
  const args = ['--input-type=module', '--eval', program, resolve(arzamed), JSON.stringify(commands)];
  const { stdout } = await run(process.execPath, args, { timeout: 15_000 });
  const lines = stdout.split('\n').slice(0, -1);
  const ended: Ended[] = lines.map((line) => JSON.parse(line));
  return cases.map((_each, index) => ended[index]);
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

/** Models that each have all others as properties. `change` is what model 1 has in place of its own number. */
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

const number = { type: 'string' };
const allDiffs: [name: string, before: Json, after: Json, code: number, advice: string][] = [
  ['oneOf is nested twelve times and nothing has changed', nested('oneOf', 12), nested('oneOf', 12), 0, 'nothing'],
  ['anyOf is nested twelve times and nothing has changed', nested('anyOf', 12), nested('anyOf', 12), 0, 'nothing'],
  [
    'oneOf is nested twelve times, and the end of it has changed',
    nested('oneOf', 12),
    nested('oneOf', 12, number),
    1,
    'major',
  ],
  ['twelve models refer to each other and nothing has changed', circles(12), circles(12), 0, 'nothing'],
  ['twelve models refer to each other and one has changed', circles(12), circles(12, number), 1, 'major'],
];
/** `npm test` has those with a change. */
const diffs = allDiffs.filter(([, , , code]) => isLong || code === 1);
const advices: Record<string, string> = {
  nothing: '; nothing has changed.',
  major: '; the next version is a major one.',
};
const models = isLong ? [2, 12] : [12];
const contract: object = Object(contractOf({ response: { body: jsonBody({ number: 1 }) } }).content);

let ended: (Ended | undefined)[];
beforeAll(async () => {
  await using provider = await serve(({ method, path }, response) => {
    if (path === '/states') json(response, 200, {});
    else if (method === 'GET') json(response, 200, { number: 1 });
    else json(response, 405, {}, { Allow: 'GET' });
  });
  const options = ['--spec', 'spec.json', '--contracts', 'some.json', '--states', `${provider.url}/states`];
  ended = await runAll([
    ...diffs.map(([_name, before, after]) => ({
      files: { 'old.json': api(before), 'new.json': api(after) },
      args: ['diff', 'old.json', 'new.json'],
    })),
    ...models.map((count) => ({
      files: { 'spec.json': api(circles(count)), 'some.json': contract },
      args: ['verify', '--provider', provider.url, ...options],
    })),
  ]);
});

describe('arzamed diff ends', () => {
  test.each(diffs.map(([name, , , code, advice], index) => [name, index, code, advice] as const))(
    'where %s',
    (_name, index, code, advice) => {
      expect(ended[index]).toMatchObject({ code, stdout: expect.stringContaining(advices[advice] ?? '') });
    },
  );
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
  test.each(models)('where %i models of an answer refer to each other', (count) => {
    expect(ended[diffs.length + models.indexOf(count)]).toMatchObject({ code: 0, stderr: '' });
  });
});
