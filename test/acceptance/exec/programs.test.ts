// Programs that know nothing of the mock, with the real service's host written into them, in each language that is
// installed on this machine.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { host, startChildWorld, type ChildWorld } from '../../support/child-world.ts';
import { nodes } from '../../support/nodes.ts';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

interface Program {
  name: string;
  /** Ends well where the program can run at all. */
  needs: string[];
  command: string[];
  /** What it may say on stderr. */
  says?: RegExp;
}

const python = '/usr/bin/python3';
const java = { needs: ['java', '--version'], says: /^Picked up JAVA_TOOL_OPTIONS: .*$/m };
const node = (name: string, command: string): Program[] => [
  { name: `${name} with fetch`, needs: [command, '--version'], command: [command, 'fetch.mjs'] },
  { name: `${name} with node:https`, needs: [command, '--version'], command: [command, 'https.mjs'] },
  {
    name: `${name} with node:https and an agent of its own`,
    needs: [command, '--version'],
    command: [command, 'https.mjs', '--own-agent'],
  },
  { name: `${name} with undici`, needs: [command, '-e', 'require("undici")'], command: [command, 'undici.mjs'] },
];

const programs: Program[] = [
  { name: 'curl', needs: ['curl', '--version'], command: ['./curl.sh'] },
  { name: 'wget', needs: ['wget', '--version'], command: ['./wget.sh'] },
  { name: 'Python with requests', needs: [python, '-c', 'import requests'], command: [python, 'requests_doctors.py'] },
  { name: 'Python with httpx', needs: [python, '-c', 'import httpx'], command: [python, 'httpx_doctors.py'] },
  { name: 'Python with urllib', needs: ['python3', '--version'], command: ['python3', 'urllib_doctors.py'] },
  ...nodes.flatMap(({ version, path }) => node(`Node ${version} (${path})`, path)),
  { name: 'Java with HttpClient', ...java, command: ['java', 'HttpClientDoctors.java'] },
  { name: 'Java with HttpsURLConnection', ...java, command: ['java', 'HttpsUrlConnectionDoctors.java'] },
  { name: 'Go', needs: ['go', 'version'], command: ['go', 'run', 'doctors.go'] },
  {
    name: 'PHP with curl',
    needs: ['php', '-r', 'exit((int) !function_exists("curl_init"));'],
    command: ['php', 'doctors.php'],
  },
  { name: 'Ruby', needs: ['ruby', '--version'], command: ['ruby', 'doctors.rb'] },
  { name: 'Perl with LWP', needs: ['perl', '-MLWP::Protocol::https', '-e1'], command: ['perl', 'doctors.pl'] },
];

let world: ChildWorld;
let folder: TemporaryFolder;
beforeAll(async () => {
  world = await startChildWorld();
  folder = await temporaryFolder({ 'a folder/with spaces/.keep': '' });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function doctorsOf([command = '', ...args]: string[]): Promise<{ doctors: unknown; stderr: string }> {
  using prepared = world.prepare({ parent: `${folder.path}/a folder/with spaces` });
  const cwd = 'test/acceptance/exec/programs';
  const child = spawn(command, args, { cwd, env: prepared.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (stdout === '') throw new Error(stderr);
  return { doctors: JSON.parse(stdout), stderr };
}

function runs([command = '', ...args]: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('an unmodified program meets the mock', () => {
  for (const { name, needs, command, says } of programs) {
    const there = runs(needs);
    const run = there ? test : test.skip;
    run(
      there ? name : `${name} (skipped: \`${needs.join(' ')}\` fails here)`,
      async () => {
        const before = world.proxy.seen.length;
        const { doctors, stderr } = await doctorsOf(command);
        const names = Array.isArray(doctors) ? doctors.map((doctor: { name: string }) => doctor.name) : doctors;
        expect(names).toEqual(['Dr. Marco Bianchi', 'Dr. Sofia Ricci', 'Dr. Luca Ferrari']);
        expect(says === undefined ? stderr : stderr.replace(says, '').trim()).toBe('');
        expect(world.proxy.seen.slice(before)).toContain(`GET https://${host}/api/v1/equipe/doctors`);
      },
      60_000,
    );
  }
});
