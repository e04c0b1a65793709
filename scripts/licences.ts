import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { parseObject, textAt, type Fields } from '../src/util/json.ts';

/** Bundled code that is not from a package. */
const schemas = 'src/openapi/load/official';

/** The folders of all packages that went into a bundle, sorted. */
export function packagesIn(metafiles: readonly Metafile[]): string[] {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((output) => used(output.inputs)));
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []));
  return [...folders].toSorted();
}

/** The licences of packages, as their terms ask for. @throws if one has none. */
export async function collectLicences(folders: readonly string[]): Promise<string> {
  const texts = new Map<string, string[]>();
  const licences = await Promise.all(folders.map(licenceOf));
  licences.push({ title: await noticeOf(), text: await licenceText(schemas) });
  for (const { title, text } of licences) texts.set(text, [...new Set([...(texts.get(text) ?? []), title])]);
  const parts = [...texts].map(([text, titles]) => `${titles.join('\n')}\n\n${text}`);
  const intro = 'This package contains parts of the following packages, under the licences that follow each.';
  return `${intro}\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** What the bundled schemas of OpenAPI are. */
export async function noticeOf(): Promise<string> {
  return (await readFile(`${schemas}/NOTICE`, 'utf8')).trim();
}

/** The inputs that leave something in the output. */
function used(inputs: Metafile['outputs'][string]['inputs']): string[] {
  return Object.entries(inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : []));
}

async function licenceOf(folder: string): Promise<{ title: string; text: string }> {
  const manifest = parseObject(await readFile(join(folder, 'package.json'), 'utf8')) ?? {};
  return { title: `${String(manifest.name)} ${String(manifest.version)}`, text: await licenceText(folder, manifest) };
}

/** Of packages that name no author, from the licence in their repository. */
const holders: Partial<Record<string, string>> = { '@redis/client': '2022-2025, Redis, inc.' };

/** How the terms of the MIT licence begin. */
const terms = 'Permission is hereby granted';

/** The text in the package, or in its README, or that of the MIT licence, if the package names only that and its author. */
async function licenceText(folder: string, { name, license, author }: Fields = {}): Promise<string> {
  const files = await readdir(folder);
  const read = async (name: string): Promise<string> =>
    (await readFile(join(folder, name), 'utf8')).trim().replaceAll('\r\n', '\n');
  const file = files.find((each) => /^(licen[cs]e|copying)/i.test(each));
  if (file !== undefined) return read(file);
  const readme = files.includes('README.md') ? await read('README.md') : '';
  const section = /^(?:#+ *)?licen[cs]e\b.*\n(?:-+\n)?((?:\n|(?!#).+)*)/im.exec(readme)?.[1]?.trim() ?? '';
  if (section.includes(terms)) return section;
  const holder = (typeof author === 'string' ? author : textAt(author, 'name')) ?? holders[String(name)];
  const copyright = /copyright|©/i.test(section) ? section : holder && `Copyright (c) ${holder}`;
  if (license !== 'MIT' || copyright === undefined) throw new Error(`${folder} has no text of its licence.`);
  // The licence of this project has the same terms.
  const own = await readFile('LICENSE', 'utf8');
  return `${copyright}\n\n${own.slice(own.indexOf(terms)).trim()}`;
}
