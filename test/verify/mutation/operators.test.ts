// What each operator makes of the specification and of the answers of a provider.
import { describe, expect, test } from '@jest/globals';
import { affected } from '../../../src/verify/mutation/measure.ts';
import { mutantsOf, operators } from '../../../src/verify/mutation/mutation-testing.ts';
import { valueAt } from '../../../src/util/json.ts';
import { follow } from '../../../src/openapi/look-up.ts';
import { readApi } from '../../../src/openapi/api.ts';
import { validateDocument } from '../../../src/openapi/load/validate.ts';
import { subjectOf } from '../../../src/verify/mutation/targets.ts';
import { documented, exchanges, mutantWith, plots, subjectFor, token } from './support.ts';

const subject = await subjectFor();

/** What the mutant makes of the answers: which of them change, and how. */
function played(id: string): { interaction: string; status: number; headers: object; body: unknown }[] {
  return affected(exchanges, mutantWith(subject, id)).map(({ exchange, answer: { status, headers, body } }) => ({
    interaction: exchange.interaction,
    status,
    headers,
    body: tryJson(body),
  }));
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What stands at a place of the mutant's specification, references followed. */
function said(id: string, ...steps: string[]): unknown {
  const { specification } = mutantWith(subject, id);
  return specification && valueAt(specification, follow(specification, steps));
}

const listed = ['paths', '/plots/{plot}', 'get', 'responses', '200', 'content', 'application/json', 'schema'];
const item = [...listed, 'items'];
const [one, two] = plots;

describe('the body of the answer is changed by', () => {
  test.each<[string, unknown]>([
    ['drop listPlots 200 $[*].name', plots.map((plot) => ({ ...plot, name: undefined }))],
    ['drop in one item listPlots 200 $[*].soil', [one, { ...two, soil: undefined }]],
    ['rename listPlots 200 $[*].plotSize', plots.map(({ plotSize: plot_size, ...rest }) => ({ ...rest, plot_size }))],
    ['type listPlots 200 $[*].name', plots.map((plot) => ({ ...plot, name: 1 }))],
    ['type listPlots 200 $[*].plotSize', plots.map((plot) => ({ ...plot, plotSize: String(plot.plotSize) }))],
    ['type listPlots 200 $[*].link', [one, { ...two, link: 1 }]],
    ['type listPlots 200 $', { items: plots }],
    ['integer to number token 200 $.expires_in', { ...token, expires_in: 60.5 }],
    ['null listPlots 200 $[*].name', plots.map((plot) => ({ ...plot, name: null }))],
    ['null in one item listPlots 200 $[*].name', [one, { ...two, name: null }]],
    ['null in one item listPlots 200 $[*]', [one, null]],
    ['enum added listPlots 200 $[*].soil', plots.map((plot) => ({ ...plot, soil: 'clay_added' }))],
    ['enum case token 200 $.token_type', { ...token, token_type: 'bearer' }],
    ['format listPlots 200 $[*].link', [one, { ...two, link: 'not such a format' }]],
    ['lower bound listPlots 200 $[*].plotSize', plots.map((plot) => ({ ...plot, plotSize: 0 }))],
    ['upper bound listPlots 200 $[*].plotSize', plots.map((plot) => ({ ...plot, plotSize: 101 }))],
    ['lower bound token 200 $.expires_in', { ...token, expires_in: 0 }],
    ['too long listPlots 200 $[*].name', plots.map((plot) => ({ ...plot, name: plot.name.padEnd(21, 'x') }))],
    ['empty string listPlots 200 $[*].name', plots.map((plot) => ({ ...plot, name: '' }))],
    ['envelope listPlots 200', { data: plots }],
    ['empty collection listPlots 200 $', []],
    ['error body shape listPlots 401', { errors: [{ detail: 'Something went wrong.' }] }],
    ['truncated JSON token 200', '{"access_token":"abc","token_t'],
    ['token_type token 200 $.token_type', { ...token, token_type: 'mac' }],
    ['expires_in token 200 $.expires_in', { ...token, expires_in: -1 }],
    ['extra field listPlots 200 $[*]', plots.map((plot) => ({ ...plot, new_field: 'new' }))],
    ['more items listPlots 200 $', [one, two, two]],
    ['reordered listPlots 200 $', [two, one]],
    ['null where allowed listPlots 200 $[*].link', [one, two, one]],
  ])('%s', (id, body) => {
    const [first, ...others] = played(id);
    expect(others).toEqual([]);
    expect(first?.body).toEqual(tryJson(JSON.stringify(body)));
  });

  test('other values, each of them as the specification allows', () => {
    const [first] = played('other values listPlots 200');
    expect(first?.body).toEqual([
      { ...one, name: 'One and more', plotSize: 5.5, rented: false },
      { ...two, name: 'Two and more', plotSize: 2, link: 'https://plots.example/2x', rented: true },
    ]);
  });
});

describe('status and headers of the answer are changed by', () => {
  const content = { 'content-type': 'application/json' };
  test.each<[string, { status?: number; headers?: object }]>([
    ['status swap listPlots 200', { status: 202 }],
    ['error status swap listPlots 401', { status: 403 }],
    ['error as 200 listPlots 401', { status: 200 }],
    ['redirect listPlots 200', { status: 302, headers: { location: 'https://elsewhere.invalid/' } }],
    ['header removed listPlots 200 X-Total', { headers: { ...content, etag: 'a' } }],
    ['content type token 401', { headers: { 'content-type': 'text/plain' } }],
    ['charset token 401', { headers: { 'content-type': 'application/json; charset=utf-8' } }],
    ['extra header token 401', { headers: { ...content, 'x-new': 'new' } }],
  ])('%s', (id, change) => {
    expect(played(id)).toEqual([expect.objectContaining(change)]);
  });
});

describe('requests meet another answer by', () => {
  test.each<[string, string[]]>([
    ['path listPlots /plots/{plot}', ['listPlots answers 200: 404', 'listPlots answers 401: 404']],
    ['method listPlots GET', ['listPlots answers 200: 405', 'listPlots answers 401: 405']],
    ['new required input listPlots query newInput', ['listPlots answers 200: 400']],
    ['new required input listPlots header X-New-Input', ['listPlots answers 200: 400']],
    ['new required input token body application/x-www-form-urlencoded new_input', ['token answers 200: 400']],
    ['OAuth token URL token tokenUrl', ['token answers 200: 404', 'token answers 401: 404']],
    ['OAuth flow token flow', ['token answers 200: 400']],
    ['OAuth scope token scope plots:read', ['token answers 200: 400']],
    ['scope added listPlots security', ['listPlots answers 200: 403']],
    ['auth method token security', ['token answers 200: 401']],
    ['auth not enforced listPlots 401', ['listPlots answers 401: 200']],
  ])('%s', (id, answers) => {
    expect(played(id).map(({ interaction, status }) => `${interaction}: ${status}`)).toEqual(answers);
  });

  test('auth that is not enforced, which gives what a valid token gets', () => {
    expect(played('auth not enforced token 401')).toMatchObject([{ body: token }]);
  });
});

describe('the specification is changed by', () => {
  test.each<[string, string[], unknown]>([
    ['drop listPlots 200 $[*].name', [...item, 'required'], ['plotSize', 'soil', 'link']],
    ['drop listPlots 200 $[*].name', [...item, 'properties', 'name'], undefined],
    ['drop in one item listPlots 200 $[*].name', [...item, 'properties', 'name', 'type'], 'string'],
    ['optional listPlots 200 $[*].name', [...item, 'required'], ['plotSize', 'soil', 'link']],
    [
      'optional token 401 $.reason',
      ['paths', '/token', 'post', 'responses', '401', 'content', 'application/json', 'schema', 'required'],
      undefined,
    ],
    ['rename listPlots 200 $[*].plotSize', [...item, 'required'], ['name', 'soil', 'link', 'plot_size']],
    ['type listPlots 200 $[*].link', [...item, 'properties', 'link', 'type'], ['integer', 'null']],
    ['null listPlots 200 $[*].name', [...item, 'properties', 'name', 'type'], ['string', 'null']],
    ['null listPlots 200 $[*].soil', [...item, 'properties', 'soil', 'anyOf', '1'], { type: 'null' }],
    ['enum added listPlots 200 $[*].soil', [...item, 'properties', 'soil', 'enum'], ['clay', 'sand', 'clay_added']],
    ['format listPlots 200 $[*].link', [...item, 'properties', 'link', 'format'], undefined],
    ['envelope listPlots 200', [...listed, 'required'], ['data']],
    ['error as 200 listPlots 401', ['paths', '/plots/{plot}', 'get', 'responses', '401'], undefined],
    ['path listPlots /plots/{plot}', ['paths', '/plots/{plot}', 'get'], undefined],
    ['path listPlots /plots/{plot}', ['paths', '/plots/{plot}', 'delete', 'operationId'], 'removePlot'],
    ['path listPlots /plots/{plot}', ['paths', '/plots/{plot}/moved', 'get', 'operationId'], 'listPlots'],
    ['method listPlots GET', ['paths', '/plots/{plot}', 'post', 'operationId'], 'listPlots'],
    ['OAuth scope token scope plots:read', ['security', '0', 'plots'], ['plots:read-renamed']],
    ['OAuth flow token flow', ['components', 'securitySchemes', 'plots', 'flows', 'clientCredentials'], undefined],
    ['auth not enforced listPlots 401', ['paths', '/plots/{plot}', 'get', 'security'], []],
  ])('%s', (id, steps, value) => {
    expect(mutantWith(subject, id).specification).toBeDefined();
    expect(said(id, ...steps)).toEqual(value);
  });

  test('nothing for anybody else who refers to the same schema', () => {
    const id = 'drop token 401 $.reason';
    expect(said(id, 'components', 'schemas', 'Fault')).toEqual(documented.components.schemas.Fault);
    const others = ['paths', '/plots/{plot}', 'get', 'responses', '401', 'content', 'application/json', 'schema'];
    expect(said(id, ...others)).toEqual(documented.components.schemas.Fault);
  });

  test.each([
    'truncated JSON token 200',
    'redirect token 200',
    'empty string token 401 $.reason',
    'empty collection listPlots 200 $',
    'drop listPlots 200 $[*].rented',
  ])('nothing for %s, which it does not describe, or allows', (id) =>
    expect(mutantWith(subject, id).specification).toBeUndefined(),
  );
});

describe('every mutant', () => {
  test.each(['openapi/arzamed.yaml', 'test/other-api/ferries.yaml'])(
    'of %s is a valid specification, unlike the original',
    async (file) => {
      const api = await readApi(file);
      const before = JSON.stringify(api.document);
      const mutants = mutantsOf(subjectOf(api));
      expect(mutants.length).toBeGreaterThan(200);
      expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
      const firstOfEach = new Map(mutants.toReversed().map((mutant) => [mutant.operator, mutant]));
      for (const { id, specification } of firstOfEach.values()) {
        if (!specification) continue;
        await validateDocument(specification, id, { locate: (path) => path.join('/') });
        expect(JSON.stringify(specification)).not.toBe(before);
      }
      expect(JSON.stringify(api.document)).toBe(before);
    },
  );

  test('points at something in the specification', () => {
    const pointer = (id: string): string => mutantWith(subject, id).pointer;
    expect(pointer('drop token 401 $.reason')).toBe('/components/schemas/Fault/properties/reason');
    expect(pointer('OAuth token URL token tokenUrl')).toBe(
      '/components/securitySchemes/plots/flows/clientCredentials/tokenUrl',
    );
  });

  test('is of an operator, and every operator has one', async () => {
    const both = [subject, subjectOf(await readApi('openapi/arzamed.yaml'))].flatMap((each) => mutantsOf(each));
    const used = new Set(both.map(({ operator }) => operator));
    expect(operators.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });
});
