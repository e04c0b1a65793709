// Programs that know nothing of the mock, with the real service's host written into them, in each language that is
// installed on this machine.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setVariables } from '../../support/environment.ts';
import { execHere } from '../../support/exec-here.ts';
import { hasJava, javaProgram } from '../../support/java.ts';
import { nodes } from '../../support/nodes.ts';
import { isLong } from '../../support/runs.ts';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

interface Program {
  name: string;
  /** Ends well where the program can run at all. Default: it can. */
  needs?: string[];
  command: string[];
  /** What it may say on stderr. */
  says?: RegExp;
}

const python = '/usr/bin/python3';
const java = (name: string): Pick<Program, 'needs' | 'command' | 'says'> => ({
  needs: hasJava ? [] : ['java', '--version'],
  command: javaProgram(name),
  says: /^Picked up JAVA_TOOL_OPTIONS: .*$/m,
});
const node = (name: string, command: string): Program[] => [
  { name: `${name} with fetch`, command: [command, 'fetch.mjs'] },
  { name: `${name} with node:https`, command: [command, 'https.mjs'] },
  { name: `${name} with node:https and an agent of its own`, command: [command, 'https.mjs', '--own-agent'] },
  { name: `${name} with undici`, needs: [command, '-e', 'require("undici")'], command: [command, 'undici.mjs'] },
];

const programs: Program[] = [
  { name: 'curl', needs: ['curl', '--version'], command: ['./curl.sh'] },
  { name: 'wget', needs: ['wget', '--version'], command: ['./wget.sh'] },
  { name: 'Python with requests', needs: [python, '-c', 'import requests'], command: [python, 'requests_doctors.py'] },
  { name: 'Python with httpx', needs: [python, '-c', 'import httpx'], command: [python, 'httpx_doctors.py'] },
  { name: 'Python with urllib', needs: ['python3', '--version'], command: ['python3', 'urllib_doctors.py'] },
  // Each program with one of the Nodes, in turn; `npm run test:long` runs each with each.
  ...nodes.flatMap(({ version, path }, at) =>
    node(`Node ${version} (${path})`, path).filter((_, index) => isLong || index % nodes.length === at),
  ),
  { name: 'Java with HttpClient', ...java('HttpClientDoctors') },
  { name: 'Java with HttpsURLConnection', ...java('HttpsUrlConnectionDoctors') },
  { name: 'Go', needs: ['go', 'version'], command: ['go', 'run', 'doctors.go'] },
  {
    name: 'PHP with curl',
    needs: ['php', '-r', 'exit((int) !function_exists("curl_init"));'],
    command: ['php', 'doctors.php'],
  },
  { name: 'Ruby', needs: ['ruby', '--version'], command: ['ruby', 'doctors.rb'] },
  { name: 'Perl with LWP', needs: ['perl', '-MLWP::Protocol::https', '-e1'], command: ['perl', 'doctors.pl'] },
];

let folder: TemporaryFolder;
let variables: Disposable;
beforeAll(async () => {
  folder = await temporaryFolder({ 'a folder/with spaces/.keep': '' });
  variables = setVariables({ TMPDIR: `${folder.path}/a folder/with spaces` });
});
afterAll(async () => {
  variables[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

/** What a program below `arzamed exec` prints, which must not give cause for a finding. */
async function doctorsOf(command: readonly string[]): Promise<{ code: unknown; doctors: unknown; stderr: string }> {
  const { code, stdout, stderr } = await execHere('test/acceptance/exec/programs', ['--fail-on', 'warn'], ...command);
  if (stdout === '') throw new Error(stderr);
  return { code, doctors: JSON.parse(stdout), stderr };
}

const tried = new Map<string, boolean>();

function runs([command = '', ...args]: string[]): boolean {
  const name = [command, ...args].join(' ');
  const there = tried.get(name) ?? spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  tried.set(name, there);
  return there;
}

describe('an unmodified program meets the mock', () => {
  for (const { name, needs = [], command, says } of programs) {
    const there = needs.length === 0 || runs(needs);
    const run = there ? test : test.skip;
    run(
      there ? name : `${name} (skipped: \`${needs.join(' ')}\` fails here)`,
      async () => {
        const { code, doctors, stderr } = await doctorsOf(command);
        const names = Array.isArray(doctors) ? doctors.map((doctor: { name: string }) => doctor.name) : doctors;
        expect(names).toEqual(['Dr. Marco Bianchi', 'Dr. Sofia Ricci', 'Dr. Luca Ferrari']);
        expect(says === undefined ? stderr : stderr.replace(says, '').trim()).toBe('');
        expect(code).toBe(0);
      },
      60_000,
    );
  }
});
