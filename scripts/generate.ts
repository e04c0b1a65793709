// `npm run generate` writes src/generated/ from the specification; with --check it only looks whether that would change
// anything. A type that was edited by hand, or forgotten after a change of the specification, ends here.
import { parseArgs } from 'node:util';
import { displayPath } from '../src/spec/display-path.ts';
import { findDrift, writeFiles } from '../src/types/files.ts';
import { generate } from '../src/types/generate.ts';
import { main } from './main.ts';

await main(async () => {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      spec: { type: 'string', default: 'openapi/arzamed.yaml' },
      out: { type: 'string', default: 'src/generated' },
    },
  });
  const files = await generate(values.spec, 'npm run generate');
  if (!values.check) {
    await writeFiles(values.out, files);
    return 0;
  }
  const drifted = await findDrift(values.out, files);
  for (const path of drifted) {
    process.stderr.write(`${displayPath(path)}: This is not what ${displayPath(values.spec)} gives.\n`);
  }
  if (drifted.length > 0) process.stderr.write('Run `npm run generate` and commit what it changes.\n');
  return drifted.length > 0 ? 1 : 0;
});
