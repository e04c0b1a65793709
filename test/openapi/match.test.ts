import * as fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { OperationFinder, Router, type Routed } from '../../src/openapi/match.ts';
import prismRouter from '@stoplight/prism-http/dist/router/index.js';

interface Named extends Routed {
  id: string;
}

function operation(path: string, method = 'get', ...serverPaths: string[]): Named {
  return { id: `${method} ${path}`, method, path, serverPath: serverPaths[0] ?? '', serverPaths };
}

function found(router: Router<Named>, path: string, method = 'GET'): [id: string, values: string[]] | undefined {
  const match = router.match(path)?.get(method);
  return match && [match.operation.id, Object.values(match.parameters)];
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

  test('goes on to a parameter where the literal path lacks the method', () => {
    const router = new Router([operation('/a/{id}'), operation('/a/mine', 'put')]);
    expect(found(router, '/a/mine')).toEqual(['get /a/{id}', ['mine']]);
    expect(found(router, '/a/mine', 'PUT')).toEqual(['put /a/mine', []]);
    expect([...(router.match('/a/mine')?.keys() ?? [])]).toEqual(['PUT', 'GET']);
  });

  test('finds a parameter that is a part of a segment', () => {
    const router = new Router([operation('/report.{format}'), operation('/{name}')]);
    expect(found(router, '/report.pdf')).toEqual(['get /report.{format}', ['pdf']]);
    expect(found(router, '/reportXpdf')).toEqual(['get /{name}', ['reportXpdf']]);
    expect(found(router, '/report.')).toEqual(['get /{name}', ['report.']]);
  });

  test('finds several parameters in one segment, each as short as it can be', () => {
    const router = new Router([operation('/{a}-{b}.{c}.json')]);
    expect(found(router, '/x-y-z.1.2.json')).toEqual(['get /{a}-{b}.{c}.json', ['x', 'y-z', '1.2']]);
    expect(found(router, '/x-y.json')).toBeUndefined();
  });

  test('takes no longer where many parameters of a segment could fit in many ways', () => {
    const template = `/${Array.from({ length: 12 }, (_, index) => `{p${index}}`).join('-')}!`;
    expect(found(new Router([operation(template)]), `/${'-'.repeat(20_000)}`)).toBeUndefined();
  });

  test('decodes a parameter, also one with a slash in it', () => {
    expect(found(new Router([operation('/a/{id}')]), '/a/b%2Fc%20d')).toEqual(['get /a/{id}', ['b/c d']]);
  });

  test('decodes literal segments, those of the document too', () => {
    const router = new Router([operation('/caf%C3%A9/a b')]);
    for (const path of ['/caf%C3%A9/a%20b', '/caf%c3%a9/%61%20b']) expect(found(router, path)).toBeDefined();
  });

  test('takes templates that differ only in the names of their parameters for one path', () => {
    const router = new Router([operation('/a/{x}'), operation('/a/{y}', 'put')]);
    expect(router.match('/a/1')?.get('GET')?.parameters).toEqual({ x: '1' });
    expect(router.match('/a/1')?.get('PUT')?.parameters).toEqual({ y: '1' });
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
      { seed: 4010, numRuns: 600 },
    );
  });

  test('finds what Prism finds, where only one operation can be meant', () => {
    const segment = fc.constantFrom('a', 'b', 'a b', '{x}', '{x}.json', 'a-{x}');
    const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
    const method = fc.constantFrom('get', 'put');
    const operations = fc.uniqueArray(fc.record({ path, method }), {
      maxLength: 10,
      selector: (each) => `${each.method} ${each.path}`,
    });
    const asked = fc.array(fc.constantFrom('a', 'b', 'a%20b', 'c', 'c.json', 'a-d', 'a-d.json', '%2F'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(operations, asked, method, (rows, segments, by) => {
        const request = `/${segments.join('/')}`;
        const ours = new Router(rows.map((row) => operation(row.path, row.method))).match(request);
        const prism = findByPrism(rows, request, by);
        const own = ours?.get(by.toUpperCase())?.operation.path;
        const other = prism.path;
        if (own !== undefined && other !== undefined && isAmbiguous(own, other)) return;
        expect([own, ours !== undefined]).toEqual([other, prism.pathMatched]);
      }),
      { seed: 4010, numRuns: 600 },
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

function findByPrism(
  rows: readonly { path: string; method: string }[],
  path: string,
  method: string,
): { path: string | undefined; pathMatched: boolean } {
  const resources = rows.map((row) => ({ id: row.path, ...row, request: {}, responses: [] }));
  const result: unknown = Reflect.apply(prismRouter.default, undefined, [
    { resources, input: { method, url: { path } } },
  ]);
  const { left, right } = { left: undefined, right: undefined, ...Object(result) };
  return {
    path: typeof right?.path === 'string' ? right.path : undefined,
    pathMatched: right !== undefined || /NO_METHOD/.test(String(left?.name)),
  };
}

/** Whether OpenAPI leaves the choice to the tool: neither template is a literal wherever the other one is. */
function isAmbiguous(one: string, other: string): boolean {
  const [a, b] = [one.split('/'), other.split('/')];
  const more = (x: string[], y: string[]): boolean =>
    x.some((segment, index) => !segment.includes('{') && y[index]?.includes('{'));
  return one !== other && more(a, b) === more(b, a);
}

describe('the finder of operations for contracts', () => {
  const finder = new OperationFinder([
    operation('/things/{id}', 'get', '/v1', '/beta'),
    operation('/things/mine', 'put', '/v1', '/beta'),
  ]);

  test.each(['/v1/things/7', '/beta/things/7', '/things/7'])('finds an operation at %s', (path) => {
    expect(finder.find('GET', path)).toMatchObject({ kind: 'operation', parameters: { id: '7' } });
  });

  test('tells the methods of a path that lacks one', () => {
    expect(finder.find('DELETE', '/v1/things/mine')).toEqual({
      kind: 'no method',
      path: '/things/mine',
      methods: ['PUT', 'GET'],
    });
  });

  test('tells the path that was probably meant', () => {
    expect(finder.find('GET', '/v1/thing/mine')).toEqual({ kind: 'no path', near: '/v1/things/mine' });
  });

  test('takes a path that is not percent-encoded as it stands', () => {
    expect(finder.find('GET', '/v1/things/100%')).toMatchObject({ parameters: { id: '100%' } });
  });
});
