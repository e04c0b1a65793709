// The action for GitHub and the component for GitLab: their steps run here as on a runner, on a project in which something
// is wrong. In `npm test`, npm installs the build of this checkout; in the long run, it packs and installs the package.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { packed } from '../support/packed-project.ts';
import { isLong } from '../support/runs.ts';
import { sarifResults } from '../support/sarif.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { runAction, runComponent, type Job } from '../support/workflows.ts';

const inLong = isLong ? test : test.skip;
const runStep = 'Run arzamed';

/** A step that uses an action, or what includes a component. */
interface Use {
  uses?: string;
  component?: string;
  with?: object;
  inputs?: object;
}

/** Stands for npm and npx: packs an empty tarball, installs this checkout, and runs its build. */
const fakes = {
  npm: `#!/bin/sh
echo "npm $*" >> "$NPM_LOG"
case $1 in
  pack) : > "$3/arzamed-devkit-0.0.0.tgz" ;;
  install) mkdir -p node_modules && ln -sfn "${resolve('.')}" node_modules/arzamed-devkit ;;
esac
`,
  npx: `#!/bin/sh
[ "$1 $2" = '--no-install arzamed' ] && shift 2 && exec '${process.execPath}' '${resolve('dist/cli/main.js')}' "$@"
`,
};

let folder: TemporaryFolder;
let project: string;
let contract: string;
beforeAll(async () => {
  const api = await readFile('openapi/arzamed.yaml', 'utf8');
  const whole = JSON.parse(await readFile('contracts/arzamed-devkit-arzamed-api.json', 'utf8'));
  const [right, other] = whole.interactions;
  const wrong = { ...other, response: { ...other.response, status: other.response.status + 1 } };
  contract = JSON.stringify({ ...whole, interactions: [right, wrong] }, undefined, 2);
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'bin'));
  for (const [name, text] of Object.entries(fakes))
    await writeFile(join(folder.path, 'bin', name), text, { mode: 0o755 });
  project = join(folder.path, 'project');
  await mkdir(join(project, 'api'), { recursive: true });
  await mkdir(join(project, 'contracts'));
  await writeFile(join(project, 'api/old.yaml'), api);
  await writeFile(join(project, 'api/a new one.yaml'), api.replace("'503':", "'504':"));
  await writeFile(join(project, 'contracts/api.json'), contract);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

test('docs/ci.md gives the action and the component inputs that they have', async () => {
  const [page = '', action = '', component = ''] = await Promise.all(
    ['docs/ci.md', 'action.yml', 'templates/arzamed.yml'].map((file) => readFile(file, 'utf8')),
  );
  const blocks = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text = '']) => parse(text));
  const steps = blocks.flatMap(({ jobs = {} }) =>
    Object.values<{ steps?: Use[] }>(jobs).flatMap((job) => job.steps ?? []),
  );
  const includes = blocks.flatMap(({ include = [] }): Use[] => include);
  for (const [uses, text] of [
    [steps.filter((step) => step.uses?.includes('/arzamed-devkit@')), action],
    [includes.filter((each) => each.component?.includes('/arzamed@')), component.replace(/^---[^]*/m, '')],
  ] as const) {
    expect(uses).toHaveLength(1);
    const { spec = {}, inputs = spec.inputs } = parse(text);
    for (const use of uses)
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys({ ...use.with, ...use.inputs })));
  }
});

/** The line of the project's file on which a text begins. */
async function lineOf(file: string, text: string): Promise<number> {
  const before = (await readFile(join(project, file), 'utf8')).split(text)[0] ?? '';
  return before.split('\n').length;
}

describe('the action', () => {
  const inputs = {
    command: 'diff',
    arguments: `old.yaml 'a new one.yaml'\n--contracts none`,
    'working-directory': 'api',
    sarif: 'found.sarif',
  };
  let job: Job;
  let npm: string[];
  beforeAll(async () => {
    process.env.NPM_LOG = join(folder.path, 'npm.log');
    const [workspace, temp] = [project, join(folder.path, 'temp')];
    job = await runAction('.', { inputs, workspace, temp, programs: join(folder.path, 'bin') });
    npm = (await readFile(process.env.NPM_LOG, 'utf8')).split('\n');
  });

  test('packs its own repository, and installs that alone for diff', () => {
    const to = join(folder.path, 'temp/arzamed-tarball');
    expect(npm.filter((line) => !line.startsWith('npm ci'))).toEqual([
      `npm pack --pack-destination ${to}.new`,
      `npm install --no-audit --no-fund ${to}/arzamed-devkit-0.0.0.tgz`,
      '',
    ]);
  });

  test('annotates the file and the line in the repository, and ends as the command does', () => {
    const { stdout, code } = job.steps[runStep] ?? {};
    expect(stdout).toMatch(
      /^::error file=api\/a new one\.yaml,line=\d+,title=arzamed diff%3A status-removed::breaking, GET \/equipe\/doctors 503: /m,
    );
    expect(stdout?.split('\n')[0]).toBe('::group::arzamed diff: 1 error, 1 notice');
    expect({ code, job: job.code, outputs: job.outputs }).toEqual({
      code: 1,
      job: 1,
      outputs: { 'exit-code': '1', sarif: 'api/found.sarif' },
    });
  });

  test('writes the summary of the step, and SARIF', async () => {
    expect(job.steps[runStep]?.summary).toContain('| breaking | status-removed |');
    const [error] = await sarifResults(join(project, job.outputs['sarif'] ?? ''));
    expect(error).toMatchObject({ ruleId: 'status-removed', level: 'error' });
    const { artifactLocation, region } = error?.locations[0]?.physicalLocation ?? {};
    expect(artifactLocation?.uri).toBe('api/a%20new%20one.yaml');
    const line = Number(/line=(\d+)/.exec(job.steps[runStep]?.stdout ?? '')?.[1]);
    expect(region?.startLine).toBe(line);
    // The nearest that there still is.
    expect(line).toBeGreaterThan(await lineOf('api/a new one.yaml', '/equipe/doctors:'));
    expect(line).toBeLessThan(await lineOf('api/a new one.yaml', "'504':"));
  });

  inLong('installs what the command needs, from a tarball that is given, with a Node of its own', async () => {
    await cp((await packed()).tarball, join(project, 'arzamed.tgz'));
    const { version } = JSON.parse(await readFile('node_modules/node/package.json', 'utf8'));
    const ended = await runAction('.', {
      inputs: { command: 'verify', arguments: '--contracts contracts', tarball: 'arzamed.tgz', node: version },
      workspace: project,
      temp: join(folder.path, 'other'),
    });
    expect(Object.keys(ended.steps)).toEqual(['Install arzamed-devkit', runStep]);
    expect(ended.steps[runStep]?.stdout).toMatch(
      /^::error file=contracts\/api\.json,line=\d+,title=arzamed verify%3A /m,
    );
    expect(ended.outputs).toEqual({ 'exit-code': '1', sarif: '' });
  });

  inLong('packs the repository that it is in', async () => {
    const ended = await runAction('.', { inputs, workspace: project, temp: join(folder.path, 'packing') });
    expect(ended.outputs).toEqual({ 'exit-code': '1', sarif: 'api/found.sarif' });
  });
});

test('the component for GitLab reports file and line, and ends as the command does', async () => {
  const { code, artifacts } = await runComponent('templates/arzamed.yml', {
    inputs: { command: 'diff', arguments: "api/old.yaml 'api/a new one.yaml' --contracts none", install: 'true' },
    workspace: project,
    programs: join(folder.path, 'bin'),
  });
  expect(code).toBe(1);
  const found = JSON.parse(await readFile(join(project, artifacts.reports['codequality'] ?? ''), 'utf8'));
  expect(found[0]).toMatchObject({
    check_name: 'arzamed diff: status-removed',
    severity: 'major',
    location: { path: 'api/a new one.yaml', lines: { begin: expect.any(Number) } },
  });
  expect(found[0].fingerprint).toMatch(/^[\da-f]{64}$/);
});
