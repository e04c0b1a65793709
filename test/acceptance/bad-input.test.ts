// What a person gets for a mistake: a message that says what, where and what to do, exit code 2, and no stack trace.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { runArzamed } from '../support/command.ts';
import { arzamedHere } from '../support/in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const key = '{ clientId: one, clientSecret: fake, status: active }';
const clinic = (responses: string, keys = key): string => `name: A clinic\nkeys: [${keys}]\nresponses: ${responses}\n`;

/** Runs `arzamed mock` with options and gives its message, after checking that it ended as a mistake has to. */
async function mistake(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await arzamedHere('mock', '--port', '0', ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at .*[:(]\d+/m);
  return stderr;
}

/** The same with files in a folder, whose path is `.` in the message. */
async function mistakeIn(files: Record<string, string>, args: (folder: string) => string[]): Promise<string> {
  await using folder = await temporaryFolder(files);
  return (await mistake(...args(folder.path))).replaceAll(folder.path, '.');
}

const withSpec = (folder: string): string[] => ['--spec', `${folder}/spec.yaml`];
const withClinics = (folder: string): string[] => ['--clinics', folder];

test('an argument that acts on a terminal or a log is shown as text', async () => {
  const { code, stderr } = await arzamedHere('\u001B[31m\n::error::x');
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `arzamed: unknown command '${String.raw`\u001b`}[31m\n\\ ::error::x'\nTry arzamed --help.\n`,
  });
});

describe('a port in use', () => {
  test('is named together with the option', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, stderr } = await runArzamed('mock', '--port', port);
    server.close();
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        `arzamed: Port ${port} on 127.0.0.1 is in use by another program.\n` +
        'Stop that program, or choose another port with --port PORT; --port 0 takes a free one.\n',
    });
  });

  test('a host that is not of this machine is named too', async () => {
    expect(await mistake('--host', '192.0.2.1')).toContain('The mock cannot listen on 192.0.2.1');
  });
});

test.each(['--clock', '--fault'])('%s, which each replica of a store would set anew, is refused', async (option) => {
  expect(await mistake('--store', 'redis://127.0.0.1:1', option, '{}')).toContain(
    `option '--store <url>' cannot be used with option '${option}`,
  );
});

describe('a specification', () => {
  test('that is missing', async () => {
    expect(await mistake('--spec', 'no/such.yaml')).toBe(
      'arzamed: no/such.yaml: The specification does not exist.\n' +
        'Name an OpenAPI file with --spec FILE, or omit the option to use the bundled one.\n',
    );
  });

  test('that is a folder', async () => {
    expect(await mistake('--spec', 'test')).toContain('test: The specification cannot be read.');
  });

  test('that is not YAML is shown with line and column', async () => {
    expect(await mistakeIn({ 'spec.yaml': 'openapi: 3.1.0\ninfo: [1, 2\n' }, withSpec)).toContain(
      './spec.yaml:3:1: The specification is neither YAML nor JSON.\n',
    );
  });

  test('that is Swagger 2 is told from OpenAPI 3', async () => {
    expect(await mistakeIn({ 'spec.yaml': 'swagger: "2.0"\n' }, withSpec)).toBe(
      'arzamed: ./spec.yaml: This is not an OpenAPI 3.0 or 3.1 document.\n' +
        '  expected  openapi: 3.0.x or 3.1.x at the top\n' +
        '  found     swagger: 2.0\n' +
        'Convert it, as `npx @scalar/cli document upgrade FILE --output openapi.json` does, and name the result with --spec FILE.\n',
    );
  });

  test('that is some other YAML', async () => {
    expect(await mistakeIn({ 'spec.yaml': 'just a text' }, withSpec)).toContain('found     no such key');
  });

  test('that violates the schema of OpenAPI is shown with line and place', async () => {
    const spec = 'openapi: 3.1.0\ninfo:\n  title: A\n  version: 1\npaths: {}\n';
    expect(await mistakeIn({ 'spec.yaml': spec }, withSpec)).toBe(
      'arzamed: ./spec.yaml:4: The specification is not valid OpenAPI.\n' +
        '  at      /info/version\n' +
        '  reason  must be string\n' +
        'Correct the file at this place.\n',
    );
  });

  const referring = (reference: string): string =>
    `openapi: 3.1.0\ninfo: { title: A, version: '1' }\npaths:\n  /a:\n    $ref: '${reference}'\n`;

  test('with a reference that leads nowhere in the file', async () => {
    expect(await mistakeIn({ 'spec.yaml': referring('#/components/pathItems/B') }, withSpec)).toBe(
      'arzamed: ./spec.yaml:5: The reference #/components/pathItems/B cannot be resolved.\n' +
        '  at      /paths/~1a/$ref\n' +
        '  reason  Nothing stands there in this file.\n' +
        'Correct the $ref, or add what it points to.\n',
    );
  });

  test('with a reference to a file that does not exist', async () => {
    expect(await mistakeIn({ 'spec.yaml': referring('./other.yaml#/a') }, withSpec)).toContain(
      './spec.yaml:5: The reference ./other.yaml#/a cannot be resolved.',
    );
  });

  test('with a reference to a place that another file does not have', async () => {
    const files = { 'spec.yaml': referring('./other.yaml#/a'), 'other.yaml': 'b: {}\n' };
    expect(await mistakeIn(files, withSpec)).toContain(
      './spec.yaml:5: The reference ./other.yaml#/a cannot be resolved.',
    );
  });

  test('with a reference to another machine is refused without a request', async () => {
    expect(await mistakeIn({ 'spec.yaml': referring('http://127.0.0.1:9/a.yaml') }, withSpec)).toContain(
      'reason  The toolkit works offline and fetches nothing.',
    );
  });
});

describe('a folder of clinics', () => {
  test('that is missing', async () => {
    expect(await mistake('--clinics', 'no/such')).toBe(
      'arzamed: no/such: The clinics folder does not exist or cannot be read.\n' +
        'Name a folder with --clinics FOLDER, or omit the option to use the bundled clinics.\n',
    );
  });

  test('that is empty', async () => {
    expect(await mistakeIn({}, withClinics)).toContain('.: The clinics folder is empty.');
  });

  test('with a fixture that violates the schema', async () => {
    const text = clinic('\n  listDoctors:\n    - name: Dr. Marco Bianchi\n      profileImage: 42');
    expect(await mistakeIn({ 'mine.yaml': text }, withClinics)).toBe(
      'arzamed: ./mine.yaml:6: The answer does not conform to the specification.\n' +
        '  clinic     mine\n' +
        '  operation  listDoctors\n' +
        '  path       $[0].profileImage\n' +
        '  expected   string or null\n' +
        '  found      42\n' +
        'Correct the fixture, or the schema in the specification if the API really answers so.\n',
    );
  });

  test('with a fixture that lacks a property, and a second mistake', async () => {
    const message = await mistakeIn({ 'mine.yaml': clinic('{ listDoctors: [{ name: "" }] }') }, withClinics);
    expect(message).toContain('path       $[0].profileImage\n  expected   to be present\n  found      nothing\n');
    expect(message).toContain('further    2 more in this answer');
  });

  test('with a fixture for an operation that does not exist suggests the nearest', async () => {
    const message = await mistakeIn({ 'mine.yaml': clinic('{ listDoctor: [] }') }, withClinics);
    expect(message).toContain('The specification has no operation listDoctor.');
    expect(message).toContain('Did you mean listDoctors?');
  });

  test('with a file that is not YAML', async () => {
    expect(await mistakeIn({ 'mine.yaml': 'name: [' }, withClinics)).toContain(
      './mine.yaml:1:8: The clinic is neither YAML',
    );
  });

  test('with a folder where a file is expected', async () => {
    expect(await mistakeIn({ 'mine.yaml/x': '' }, withClinics)).toContain('./mine.yaml: The clinic cannot be read.');
  });

  test('with a key of unknown status', async () => {
    const text = clinic('{}', '{ clientId: one, clientSecret: fake, status: lost }');
    expect(await mistakeIn({ 'mine.yaml': text }, withClinics)).toBe(
      'arzamed: ./mine.yaml:2: Invalid clinic file.\n' +
        '  clinic    mine\n' +
        '  path      $.keys[0].status\n' +
        '  expected  one of ["active","revoked","expired"]\n' +
        '  found     "lost"\n' +
        'Correct the file; docs/clinics.md describes it.\n',
    );
  });

  test('with a property of a key that nobody knows is shown at its line, without what stands beside it', async () => {
    const text =
      'name: A\nkeys:\n  - clientId: one\n    clientSecret: canary\n    status: active\n    secret: no\nresponses: {}\n';
    const message = await mistakeIn({ 'mine.yaml': text }, withClinics);
    expect(message).toContain('./mine.yaml:6: Invalid clinic file.');
    expect(message).toContain('path      $.keys[0].secret\n  expected  no such property\n');
    expect(message).not.toContain('canary');
  });

  test('with a secret that is not a text is told without the secret', async () => {
    const text = clinic('{}', '{ clientId: one, clientSecret: [canary], status: active }');
    const message = await mistakeIn({ 'mine.yaml': text }, withClinics);
    expect(message).toContain('path      $.keys[0].clientSecret\n  expected  string\n');
    expect(message).not.toContain('canary');
  });

  test('with a fixture of an operation that has no body', async () => {
    const message = await mistakeIn({ 'mine.yaml': clinic('{ cancelBooking: 1 }') }, (folder) => [
      '--spec',
      'test/other-api/ferries.yaml',
      ...withClinics(folder),
    ]);
    expect(message).toContain('The operation cancelBooking has no answer that an account could give');
    expect(message).toContain('expected   one of listPorts, findSailings, getSailing');
  });

  test('with a file whose name makes no id', async () => {
    expect(await mistakeIn({ 'Mine here.yaml': clinic('{}') }, withClinics)).toContain(
      './Mine here.yaml: Invalid clinic id in the file name: Mine here',
    );
  });

  test('with two clinics of one id', async () => {
    const files = { 'mine.yaml': clinic('{}'), 'mine.yml': clinic('{}', key.replace('one', 'two')) };
    expect(await mistakeIn(files, withClinics)).toBe(
      'arzamed: ./mine.yml: Two clinics have the id mine.\n' +
        '  first   ./mine.yaml\n' +
        '  second  ./mine.yml\n' +
        'Rename one of the files; its name is the id.\n',
    );
  });

  test('with two keys of one id', async () => {
    const files = { 'mine.yaml': clinic('{}'), 'yours.yaml': clinic('{}') };
    expect(await mistakeIn(files, withClinics)).toBe(
      'arzamed: ./yours.yaml: Two keys have the clientId one.\n' +
        '  first   ./mine.yaml\n' +
        '  second  ./yours.yaml\n' +
        'Give each key a clientId of its own, also across clinics.\n',
    );
  });
});

describe('a signing key', () => {
  test('that is missing', async () => {
    expect(await mistake('--signing-key', 'no/such.pem')).toContain('no/such.pem: The signing key cannot be used.');
  });

  test('that is none is not shown', async () => {
    const message = await mistakeIn({ 'key.pem': 'canary' }, (folder) => ['--signing-key', `${folder}/key.pem`]);
    expect(message).toContain('./key.pem: The signing key cannot be used.\n  expected  an RSA private key in PEM');
    expect(message).not.toContain('canary');
  });
});

describe('a public URL', () => {
  test.each(['mock.example', 'ftp://mock.example', 'https://mock.example/path', 'https://me:canary@mock.example'])(
    'that is no origin: %s',
    async (url) => {
      const message = await mistake('--public-url', url);
      expect(message).toContain('The public URL cannot be used.\n  expected  http or https');
      expect(message).not.toContain('canary');
    },
  );
});

describe('the command line', () => {
  test('knows only two styles of errors', async () => {
    expect(await mistake('--error-style', 'oauth')).toContain('Allowed choices are rfc6749, cognito.');
  });

  test('suggests the nearest command', async () => {
    expect(await arzamedHere('mok')).toEqual({
      code: 2,
      stdout: '',
      stderr: "arzamed: unknown command 'mok'\n(Did you mean mock?)\nTry arzamed --help.\n",
    });
  });

  test('suggests the nearest option', async () => {
    expect(await mistake('--spce', 'x')).toBe(
      "arzamed: unknown option '--spce'\n(Did you mean --spec?)\nTry arzamed mock --help.\n",
    );
  });

  test('refuses a port that is no port', async () => {
    expect(await mistake('--port', '70000')).toContain('Expected a number from 0 to 65535.');
  });

  test('refuses an argument that it would ignore', async () => {
    expect(await mistake('one.yaml', 'surplus')).toContain('too many arguments');
  });

  test('shows its help, and its version, with exit code 0', async () => {
    const manifest = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await arzamedHere('--version')).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
    expect(await arzamedHere('mock', '--help')).toMatchObject({ code: 0, stderr: '' });
  });

  test('shows its help where no command is given, with exit code 2', async () => {
    expect(await arzamedHere()).toMatchObject({ code: 2, stdout: '' });
  });
});
