import { readdir, readFile } from 'node:fs/promises';
import { run } from '../support/command.ts';

interface Block {
  language: string;
  text: string;
}

/** The documents that have examples. */
export const documents = [
  'README.md',
  ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

async function blocksOf(document: string): Promise<Block[]> {
  const text = await readFile(document, 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }));
}

const blocks = (await Promise.all(documents.map((document) => blocksOf(document)))).flat();

/** The examples in a language, in the order in which they stand. */
export function textsIn(language: string): string[] {
  return blocks.filter((block) => block.language === language).map(({ text }) => text);
}

/** TypeScript examples by the file name in their first line. */
export const modules = Object.fromEntries(
  textsIn('ts').map((text) => [/^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? '', text]),
);

/** The arguments of each `npx arzamed` in an example, as a shell splits them. */
export async function argumentsIn(text: string): Promise<string[][]> {
  const script = `npx() { shift; printf '%s\\0' "$@"; echo; }\n${text}`;
  const { stdout } = await run('sh', ['-ec', script]);
  return stdout
    .split('\0\n')
    .slice(0, -1)
    .map((line) => line.split('\0'));
}
