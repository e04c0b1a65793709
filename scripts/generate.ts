// `npm run generate` writes what follows from the specification: src/generated/, and the list of limitations in the
// README. With --check it only looks whether that would change anything. A type that was edited by hand, or forgotten
// after a change of the specification, ends here.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { displayPath } from '../src/spec/display-path.ts';
import { readSpec } from '../src/spec/read.ts';
import { findDrift, writeFiles } from '../src/types/files.ts';
import { generate } from '../src/types/generate.ts';
import { listLimitations } from '../src/types/limitations.ts';
import { main } from './main.ts';

const defaults = { spec: 'openapi/arzamed.yaml', out: 'src/generated' };

await main(async () => {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      spec: { type: 'string', default: defaults.spec },
      out: { type: 'string', default: defaults.out },
    },
  });
  const { spec, out } = values;
  const code = await generate(spec, 'npm run generate');
  const docs = spec === defaults.spec && out === defaults.out ? { 'README.md': await readme(spec) } : {};
  if (!values.check) {
    await writeFiles(out, code);
    await writeFiles('.', docs);
    return 0;
  }
  const drifted = [...(await findDrift(out, code)), ...(await findDrift('.', docs))];
  for (const path of drifted) {
    process.stderr.write(`${displayPath(path)}: This is not what ${displayPath(spec)} gives.\n`);
  }
  if (drifted.length > 0) process.stderr.write('Run `npm run generate` and commit what it changes.\n');
  return drifted.length > 0 ? 1 : 0;
});

/** The README with its list of limitations as the specification has it. */
async function readme(spec: string): Promise<string> {
  const text = await readFile('README.md', 'utf8');
  const list = listLimitations(await readSpec(spec));
  const whole = text.replace(
    /(<!-- limitations: [^\n]*-->\n).*?(<!-- end of limitations -->)/s,
    (_, start: string, end: string) => `${start}\n${list}\n\n${end}`,
  );
  return format(whole, { ...(await resolveConfig('README.md')), parser: 'markdown' });
}
