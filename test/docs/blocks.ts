import { readdir, readFile } from 'node:fs/promises';

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
