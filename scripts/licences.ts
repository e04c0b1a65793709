import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The licences of all packages that went into a bundle, as their terms ask for. */
export async function collectLicences(metafiles: readonly Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((output) => used(output.inputs)));
  const folders = [...new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []))];
  const texts = new Map<string, string[]>();
  for (const folder of folders.toSorted()) {
    const { title, text } = await licenceOf(folder);
    texts.set(text, [...new Set([...(texts.get(text) ?? []), title])]);
  }
  const parts = [...texts].map(([text, titles]) => `${titles.join('\n')}\n\n${text}`);
  const intro = 'This package contains parts of the following packages, under the licences that follow each.';
  return `${intro}\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The inputs of which something is left in the output. */
function used(inputs: Metafile['outputs'][string]['inputs']): string[] {
  return Object.entries(inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : []));
}

async function licenceOf(folder: string): Promise<{ title: string; text: string }> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const { name, version, license }: Partial<Record<string, unknown>> = Object(manifest);
  const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file === undefined ? `Licence: ${String(license)}` : await readFile(join(folder, file), 'utf8');
  return { title: `${String(name)} ${String(version)}`, text: text.trim().replaceAll('\r\n', '\n') };
}
