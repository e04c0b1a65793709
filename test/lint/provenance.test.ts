import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { run } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Change = (spec: string) => string;

/** Renames the first `x-provenance` after a text, so that it is missing there. */
function withoutProvenance(after: string): Change {
  return (spec) => {
    const at = spec.indexOf(after);
    return spec.slice(0, at) + spec.slice(at).replace('x-provenance:', 'x-was-provenance:');
  };
}

const changes: [name: string, change: Change, message: string][] = [
  ['an operation', withoutProvenance('operationId: listDoctors'), 'The operation listDoctors has no x-provenance'],
  ['a response', withoutProvenance('description: A bearer token.'), 'The response 200 has no x-provenance'],
  ['a property', withoutProvenance('description: A formatted display name'), 'The property name has no x-provenance'],
  [
    'an unknown source',
    (spec) => spec.replace(/(x-provenance:\s+source:) doctors/, '$1 hearsay'),
    'none of quickstart',
  ],
  [
    'a rule for clients from an unknown source',
    (spec) => spec.replace('source: doctors', 'source: hearsay'),
    'The client rule no-account-in-path has a source that is none of quickstart',
  ],
  [
    'an inference without its reason',
    (spec) => spec.replace('\n            note: From RFC 6749 section 5.2.', ''),
    'The property error is inferred and its x-provenance has no note why',
  ],
];

/** What the linter says of the specification as it is, and of it after each change. */
let problems: Map<string, string[]>;
beforeAll(async () => {
  problems = await lint({
    unchanged: (spec) => spec,
    ...Object.fromEntries(changes.map(([name, change]) => [name, change])),
  });
});

/** Lints the specification after each of some changes, as `npm run lint` does. */
async function lint(after: Record<string, Change>): Promise<Map<string, string[]>> {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'openapi/lint'), { recursive: true });
  await copyFile('openapi/lint/provenance.mjs', join(folder.path, 'openapi/lint/provenance.mjs'));
  const spec = await readFile('openapi/arzamed.yaml', 'utf8');
  const config = parse(await readFile('redocly.yaml', 'utf8'));
  const apis: Record<string, object> = {};
  const names = new Map<string, string>();
  for (const [name, change] of Object.entries(after)) {
    const root = `openapi/${names.size}.yaml`;
    const changed = change(spec);
    if (changed === spec && name !== 'unchanged') throw new Error(`The change changes nothing: ${name}`);
    await writeFile(join(folder.path, root), changed);
    apis[`api${names.size}`] = { ...config.apis.arzamed, root };
    names.set(root, name);
  }
  await writeFile(join(folder.path, 'redocly.yaml'), stringify({ ...config, apis }));
  const args = ['lint', '--format', 'json', '--max-problems', '1000'];
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off' };
  const { stdout } = await run(resolve('node_modules/.bin/redocly'), args, { cwd: folder.path, env });
  const found = new Map([...names.values()].map((name): [string, string[]] => [name, []]));
  // One report for each document.
  for (const text of stdout.split(/(?<=^\})\s*(?=\{)/m)) {
    const { problems: each }: Report = JSON.parse(text);
    for (const { message, location } of each) {
      found.get(names.get(location[0]?.source.ref ?? '') ?? '')?.push(message);
    }
  }
  return found;
}

interface Report {
  problems: { message: string; location: { source: { ref: string } }[] }[];
}

describe('the rule that each statement says how sure it is', () => {
  test('holds for the specification', () => {
    expect(problems.get('unchanged')).toEqual([]);
  });

  test.each(changes)('fails for %s', (name, _change, message) => {
    expect(problems.get(name)?.join(' ').replaceAll(/\s+/g, ' ')).toContain(message);
  });
});
