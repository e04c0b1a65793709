// Large documents: each pair of schemas is compared once, however many ways lead to it.
import { expect, test } from '@jest/globals';
import { diffSpecifications } from '../../src/diff/diff.ts';
import type { OpenApiDocument } from '../../src/openapi/document.ts';

type Json = Record<string, unknown>;

function documentOf(models: Json, paths: Json): OpenApiDocument {
  return { openapi: '3.0.3', info: { title: 'Things', version: '1' }, paths, components: { schemas: models } };
}

const model = (index: number): Json => ({ $ref: `#/components/schemas/M${index}` });

function answering(schema: Json): Json {
  return { get: { responses: { 200: { description: '', content: { 'application/json': { schema } } } } } };
}

/** Models that all refer to each other, by properties and by alternatives. */
function meshOf(size: number, type: string): OpenApiDocument {
  const models = Array.from({ length: size }, (_, index): [string, Json] => {
    const others = Array.from({ length: size }, (_each, other): [string, Json] => [`m${other}`, model(other)]);
    const any = { anyOf: [{ type: 'string' }, ...others.slice(0, 5).map(([, each]) => each)] };
    const own = { id: { type: index === size - 1 ? type : 'integer' }, any };
    return [`M${index}`, { type: 'object', required: ['id'], properties: { ...own, ...Object.fromEntries(others) } }];
  });
  return documentOf(Object.fromEntries(models), { '/things': answering(model(0)) });
}

test('a change in models that all refer to each other is told once', () => {
  const changes = diffSpecifications(meshOf(20, 'integer'), meshOf(20, 'string'));
  expect(changes.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(['breaking type']);
});

test('a change in a model of a thousand operations is told once for each that leads to it', () => {
  const ring = (type: string): OpenApiDocument => {
    const models = Array.from({ length: 100 }, (_, index): [string, Json] => [
      `M${index}`,
      {
        type: 'object',
        properties: { id: { type: index === 7 ? type : 'integer' }, next: model(Math.min(99, index + 1)) },
      },
    ]);
    const paths = Array.from({ length: 1000 }, (_, index): [string, Json] => [
      `/p${index}`,
      answering(model(index % 100)),
    ]);
    return documentOf(Object.fromEntries(models), Object.fromEntries(paths));
  };
  expect(diffSpecifications(ring('integer'), ring('string'))).toHaveLength(80);
});

test('alternatives within alternatives end, compared or not decided', () => {
  const nested = (depth: number, leaf: Json): Json =>
    depth === 0
      ? leaf
      : {
          allOf: [0, 1].map((side) => ({
            anyOf: [{ required: [`a${depth}${side}`] }, { required: [`b${depth}${side}`] }, nested(depth - 1, leaf)],
          })),
        };
  const [before, after] = ['integer', 'string'].map((type) =>
    documentOf({ M0: nested(4, { type: 'object', properties: { id: { type } } }) }, { '/things': answering(model(0)) }),
  );
  const changes = before && after ? diffSpecifications(before, after) : [];
  expect(changes.some(({ severity }) => severity !== 'non-breaking')).toBe(true);
});
