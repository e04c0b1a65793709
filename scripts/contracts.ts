// `npm run contracts` runs the consumer tests, in band and into an empty folder, and puts the pact files that they write
// into contracts/. With --check it only looks whether that would change anything, as CI does.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findDrift, writeFiles } from '../src/types/files.ts';
import { main } from './main.ts';
import { runTool } from './run-tool.ts';

await main(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const folder = await mkdtemp(join(tmpdir(), 'arzamed-contracts-'));
  try {
    await runTool(
      'npm',
      ['run', '--silent', 'test:jest', '--', '--config', 'test/consumer/jest.config.js', '--runInBand'],
      {
        PACT_DO_NOT_TRACK: 'true',
        PACT_FOLDER: folder,
      },
    );
    const names = await readdir(folder);
    const written = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]));
    return values.check ? await check(Object.fromEntries(written)) : await update(Object.fromEntries(written));
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function update(files: Record<string, string>): Promise<0> {
  await rm('contracts', { recursive: true, force: true });
  await writeFiles('contracts', files);
  return 0;
}

async function check(files: Record<string, string>): Promise<0 | 1> {
  const superfluous = (await readdir('contracts')).filter((name) => !(name in files));
  const drifted = [...(await findDrift('contracts', files)), ...superfluous.map((name) => join('contracts', name))];
  for (const path of drifted) process.stderr.write(`${path}: This is not what the consumer tests write.\n`);
  if (drifted.length > 0) process.stderr.write('Run `npm run contracts` and commit what it changes.\n');
  return drifted.length > 0 ? 1 : 0;
}
