// `npm start`: the mock. Builds first where a source is newer than what was built. JavaScript, since to load what strips types
// would cost a tenth of a second at each start.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const sources = ['src', 'openapi', 'mocks', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.build.json'];
const command = 'dist/cli/main.js';
const args = process.argv.slice(2);

/** When the newest of the sources was changed, in milliseconds; that of a folder tells of files that were removed. */
async function lastChange() {
  const listed = sources.map(async (path) => {
    const entries = await readdir(path, { recursive: true }).catch(() => []);
    return Promise.all(['.', ...entries].map(async (name) => (await stat(join(path, name))).mtimeMs));
  });
  return Math.max(...(await Promise.all(listed)).flat());
}

/** Says, before a build rather than after it, that the port is in use. */
async function portIsFree() {
  const options = { port: { type: 'string' }, host: { type: 'string' } };
  const { port = '4010', host = '127.0.0.1' } = parseArgs({ args, strict: false, options }).values;
  // The mock says what is wrong with it.
  if (!/^\d{1,5}$/.test(String(port)) || Number(port) > 65_535) return true;
  const { createServer } = await import('node:http');
  const { closeServer, listen } = await import('../src/mock/http/server.ts');
  const server = createServer();
  try {
    await listen(server, String(host), Number(port));
    await closeServer(server);
    return true;
  } catch (error) {
    process.stderr.write(`arzamed: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

async function isBuilt() {
  const built = await stat(command).catch(() => undefined);
  return built !== undefined && built.mtimeMs >= (await lastChange());
}

async function prepare() {
  if (await isBuilt()) return true;
  if (!(await portIsFree())) return false;
  process.stderr.write('Building …\n');
  await import('./build.ts');
  return true;
}

if (await prepare()) {
  process.argv.splice(1, Infinity, command, 'mock', ...args);
  await import(`../${command}`);
} else process.exitCode = 2;
