// The workflows of docs/ci.md: a shell takes each command as it stands there; `npx arzamed` is run in this process, or
// where it starts a program, as the built command line.
import { chmod, cp, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Mock } from '../../src/mock/index.ts';
import { arzamed, run, type Ended } from '../support/command.ts';
import { arzamedIn } from '../support/in-process.ts';
import { isLong } from '../support/runs.ts';
import { shareVerifier } from '../support/shared-verifier.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

shareVerifier();

const blocks = [...(await readFile('docs/ci.md', 'utf8')).matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text = '']) =>
  text.trim(),
);
const commands = [...new Set(blocks.flatMap((block) => commandsIn(parse(block))))];

/** The lines that a workflow runs, of either kind. */
function commandsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(commandsIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'run' && typeof value === 'string') return [value];
    if (key === 'script' && Array.isArray(value)) return value.map(String);
    return commandsIn(value);
  });
}

let project: TemporaryFolder;
let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
  project = await temporaryFolder({
    'package.json': '{"scripts":{"test":"sh sample.sh"}}',
    'release.sh': '#!/bin/sh\n',
  });
  await chmod(join(project.path, 'release.sh'), 0o755);
  await cp('test/clients/programs/curl.sh', join(project.path, 'sample.sh'));
  await cp('test/certify/programs/sync.mjs', join(project.path, 'sync.mjs'));
  await cp('contracts', join(project.path, 'contracts'), { recursive: true });
  await cp('openapi/arzamed.yaml', join(project.path, 'openapi.yaml'));
  // A repository that is its own origin stands for the one that CI has cloned.
  const author = '-c user.name=a -c user.email=a@b.invalid';
  const remote = 'git remote add origin . && git fetch -q origin';
  const script = `git init -q -b main && git add . && git ${author} commit -q -m a && ${remote}`;
  await run('sh', ['-ec', script], { cwd: project.path });
});
afterAll(async () => {
  await mock[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

/** Runs a script in the project, with the variables of a CI. */
function shell(script: string): Promise<Ended> {
  const env = {
    ...process.env,
    ARZAMED_BASE_URL: mock.baseUrl,
    GITHUB_BASE_REF: 'main',
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  };
  return run('sh', ['-ec', script], { cwd: project.path, env });
}

async function runCommand(command: string): Promise<Ended> {
  const ours = /^npx arzamed (?!exec )/;
  const { stdout, ...ended } = await shell(
    ours.test(command)
      ? command.replace(ours, String.raw`printf '%s\0' `)
      : command.replace(/^npx arzamed /, `'${process.execPath}' '${resolve(arzamed)}' `),
  );
  return ours.test(command) ? arzamedIn(project.path, ...stdout.split('\0').slice(0, -1)) : { stdout, ...ended };
}

test('a release waits for the certification', () => {
  const workflows = blocks.map((block) => parse(block)).map((workflow) => workflow.jobs ?? workflow);
  expect(workflows.flatMap(({ release }) => (release ? [release.needs] : []))).toEqual(['certify', ['certify']]);
});

test('there are commands for the mock and for a real provider', () => {
  expect(commands.filter((command) => command.startsWith('npx arzamed verify')).length).toBeGreaterThanOrEqual(2);
});

/**
 * GitLab's commands differ from GitHub's in the name of a revision or of a report alone; what runs a program of its own is
 * tried by the tests of `exec` and `certify`.
 */
const isTriedElsewhere = (command: string): boolean =>
  / verify .*(FETCH_HEAD|contracts\.xml)| (exec|certify) /.test(command);

const longest = isLong ? 180_000 : 60_000;
test.each([...new Set(commands)].filter((command) => command !== 'npm ci' && (isLong || !isTriedElsewhere(command))))(
  '%s',
  async (command) => {
    const { code, stderr } = await runCommand(command);
    expect({ code, stderr: stderr.replaceAll(/^((arzamed: )?Wrote|npm warn|From| \*) .*\n/gm, '') }).toEqual({
      code: 0,
      stderr: '',
    });
  },
  longest,
);
