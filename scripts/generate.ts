// `npm run generate` writes what follows from the two OpenAPI documents, the vendor's and that of the control API:
// src/generated/, the choice of the client's parts in src/client/parts.ts, and the list in docs/limitations.md. With --check it writes nothing and fails if a file would change, so
// that no generated file is edited by hand or left behind after a change of a document.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readSpec, readSpecFiles } from '../src/openapi/load/load.ts';
import { generate } from '../src/types/generate.ts';
import { header } from '../src/types/header.ts';
import { listLimitations } from '../src/types/limitations.ts';
import { displayPath, findDrift, writeFiles } from '../src/util/files.ts';
import { formatted } from './format.ts';
import { main } from './main.ts';

const command = 'npm run generate';
const control = 'openapi/control.yaml';
const limitations = 'docs/limitations.md';
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
  const { 'parts.ts': parts, ...modules } = await generate(spec, command);
  const outputs: Output[] = [{ from: spec, folder: out, files: modules }];
  if (spec === defaults.spec && out === defaults.out) {
    outputs.push({ from: spec, folder: 'src/client', files: { 'parts.ts': parts } });
    const { 'parts.ts': _, ...ofControl } = await generate(control, command);
    const files = { ...ofControl, 'document.ts': await controlDocument() };
    outputs.push({ from: control, folder: 'src/generated/control', files });
    outputs.push({ from: spec, folder: '.', files: { [limitations]: await limitationsPage(spec) } });
  }
  if (!values.check) {
    for (const { folder, files } of outputs) {
      for (const path of await findDrift(folder, files)) process.stdout.write(`Writing ${displayPath(path)}\n`);
      await writeFiles(folder, files);
    }
    return 0;
  }
  let drifted = false;
  for (const { from, folder, files } of outputs) {
    for (const path of await findDrift(folder, files)) {
      process.stderr.write(`${displayPath(path)}: This is not what ${displayPath(from)} gives.\n`);
      drifted = true;
    }
  }
  if (drifted) process.stderr.write('Run `npm run generate` and commit what it changes.\n');
  return drifted ? 1 : 0;
});

interface Output {
  /** The specification that the files follow from. */
  from: string;
  folder: string;
  files: Record<string, string>;
}

/** The document of the control API as a module: the mock checks requests by it without reading YAML. */
async function controlDocument(): Promise<string> {
  const { document, sha256 } = await readSpecFiles(control, { kept: 'all', remote: 'refused' });
  const top = header({ command, name: control, sha256 });
  return `${top}/** The whole document. */\nexport const document = ${JSON.stringify(document, null, 2)} as const;\n`;
}

/** docs/limitations.md with the list that the document gives. */
async function limitationsPage(spec: string): Promise<string> {
  const list = listLimitations(await readSpec(spec));
  const [before, old] = (await readFile(limitations, 'utf8')).split(/(?<=<!-- limitations: [^\n]*-->\n)/);
  const [, after] = old?.split(/(?=<!-- end of limitations -->)/) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${limitations} has no place for the list.`);
  return formatted(limitations, `${before}\n${list}\n\n${after}`);
}
