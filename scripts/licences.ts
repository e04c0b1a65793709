import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { parseObject } from '../src/util/json.ts';

/** Bundled code that is not from a package. */
const schemas = 'src/openapi/load/official';

/** The licences of all packages that went into a bundle, as their terms ask for. */
export async function collectLicences(metafiles: readonly Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((output) => used(output.inputs)));
  const folders = [...new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []))];
  const texts = new Map<string, string[]>();
  const licences = await Promise.all(folders.toSorted().map(licenceOf));
  licences.push({ title: (await readFile(`${schemas}/NOTICE`, 'utf8')).trim(), text: await licenceText(schemas) });
  for (const { title, text } of licences) texts.set(text, [...new Set([...(texts.get(text) ?? []), title])]);
  const parts = [...texts].map(([text, titles]) => `${titles.join('\n')}\n\n${text}`);
  const intro = 'This package contains parts of the following packages, under the licences that follow each.';
  return `${intro}\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The inputs of which something is left in the output. */
function used(inputs: Metafile['outputs'][string]['inputs']): string[] {
  return Object.entries(inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : []));
}

async function licenceOf(folder: string): Promise<{ title: string; text: string }> {
  const { name, version, license } = parseObject(await readFile(join(folder, 'package.json'), 'utf8')) ?? {};
  const text = await licenceText(folder, `Licence: ${String(license)}`);
  return { title: `${String(name)} ${String(version)}`, text };
}

async function licenceText(folder: string, otherwise = ''): Promise<string> {
  const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file === undefined ? otherwise : await readFile(join(folder, file), 'utf8');
  return text.trim().replaceAll('\r\n', '\n');
}
