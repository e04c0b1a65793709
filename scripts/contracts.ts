// `npm run contracts` runs the consumer tests, each file of them into an empty folder of its own, and puts what they write
// together into contracts/. With --check it only looks whether that would change anything, as CI does.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findDrift, writeFiles } from '../src/types/files.ts';
import { collectContracts } from './contracts/collect.ts';
import { main } from './main.ts';
import { runTool } from './run-tool.ts';

await main(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const folder = await mkdtemp(join(tmpdir(), 'arzamed-contracts-'));
  try {
    await runTool('npm', ['run', '--silent', 'test:jest', '--', '--config', 'test/consumer/jest.config.js'], {
      PACT_DO_NOT_TRACK: 'true',
      PACT_FOLDER: folder,
    });
    const written = await collectContracts(folder);
    return values.check ? await check(written) : await update(written);
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function superfluous(files: Record<string, string>): Promise<string[]> {
  const names = (await readdir('contracts')).filter((name) => name.endsWith('.json') && !(name in files));
  return names.map((name) => join('contracts', name));
}

async function update(files: Record<string, string>): Promise<0> {
  for (const path of await superfluous(files)) await rm(path);
  await writeFiles('contracts', files);
  return 0;
}

async function check(files: Record<string, string>): Promise<0 | 1> {
  const drifted = [...(await findDrift('contracts', files)), ...(await superfluous(files))];
  for (const path of drifted) process.stderr.write(`${path}: This is not what the consumer tests write.\n`);
  if (drifted.length > 0) process.stderr.write('Run `npm run contracts` and commit what it changes.\n');
  return drifted.length > 0 ? 1 : 0;
}
