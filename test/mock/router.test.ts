import * as fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { Router } from '../../src/openapi/match.ts';
import type { Operation } from '../../src/openapi/operations.ts';

function operation(path: string, method: Operation['method'] = 'get', serverPath = ''): Operation {
  return {
    id: `${method} ${path}`,
    method,
    path,
    serverPath,
    security: undefined,
    issuesTokens: false,
    parameters: [],
    requestTypes: [],
    statuses: ['200'],
  };
}

function found(router: Router<Operation>, path: string, method = 'GET'): [id: string, values: string[]] | undefined {
  const match = router.match(path);
  const id = match?.operations.get(method)?.id;
  return match && id !== undefined ? [id, match.values] : undefined;
}

describe('the router', () => {
  test('prefers a literal segment to a parameter', () => {
    const router = new Router([operation('/a/{id}'), operation('/a/mine')]);
    expect(found(router, '/a/mine')).toEqual(['get /a/mine', []]);
    expect(found(router, '/a/other')).toEqual(['get /a/{id}', ['other']]);
  });

  test('goes back to a parameter where the literal segment leads nowhere', () => {
    const router = new Router([operation('/a/b/c'), operation('/a/{id}/d')]);
    expect(found(router, '/a/b/d')).toEqual(['get /a/{id}/d', ['b']]);
  });

  test('finds a parameter that is a part of a segment', () => {
    const router = new Router([operation('/report.{format}'), operation('/{name}')]);
    expect(found(router, '/report.pdf')).toEqual(['get /report.{format}', ['pdf']]);
    expect(found(router, '/reportXpdf')).toEqual(['get /{name}', ['reportXpdf']]);
  });

  test('decodes a parameter, also one with a slash in it', () => {
    expect(found(new Router([operation('/a/{id}')]), '/a/b%2Fc%20d')).toEqual(['get /a/{id}', ['b/c d']]);
  });

  test('takes templates that differ only in the names of their parameters for one path', () => {
    const router = new Router([operation('/a/{x}'), operation('/a/{y}', 'put')]);
    expect(found(router, '/a/1')).toEqual(['get /a/{x}', ['1']]);
    expect(found(router, '/a/1', 'PUT')).toEqual(['put /a/{y}', ['1']]);
  });

  test('finds an operation under the path of its server', () => {
    const router = new Router([operation('/a', 'get', '/v1')]);
    expect(found(router, '/v1/a')).toEqual(['get /a', []]);
    expect(found(router, '/a')).toBeUndefined();
  });

  test('finds nothing in a path that goes on after the longest of its own', () => {
    const router = new Router([operation('/a/{id}'), operation('/a')]);
    expect([found(router, '/a/b'), found(router, '/a/b/c'), found(router, '/a/b/')]).toEqual([
      ['get /a/{id}', ['b']],
      undefined,
      undefined,
    ]);
  });

  test('does not take an empty segment for a parameter', () => {
    expect(found(new Router([operation('/a/{id}')]), '/a/')).toBeUndefined();
  });

  test('finds the same as a search through all templates, whatever the paths', () => {
    const segment = fc.constantFrom('a', 'b', 'c', '{x}');
    const template = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    const path = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(template, { maxLength: 12 }), path, (templates, segments) => {
        const router = new Router(templates.map((each) => operation(each)));
        expect(found(router, `/${segments.join('/')}`)?.[0]).toBe(bestBySearch(templates, segments));
      }),
      { seed: 4010, numRuns: 2000 },
    );
  });
});

/** The template that fits and has its literal segments first, found by looking at each. */
function bestBySearch(templates: string[], segments: string[]): string | undefined {
  const fitting = templates.filter((template) => {
    const parts = template.split('/').slice(1);
    return parts.length === segments.length && parts.every((part, index) => part === '{x}' || part === segments[index]);
  });
  // In the order of characters `{` comes after every letter, so the template with earlier literals comes first.
  const [best] = fitting.toSorted((a, b) => (a < b ? -1 : 1));
  return best === undefined ? undefined : `get ${best}`;
}
