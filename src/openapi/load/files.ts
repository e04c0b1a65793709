import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { displayPath, readRegular } from '../../util/files.ts';
import { parseYamlFile, type YamlFile } from '../../util/yaml-file.ts';

const patienceInMilliseconds = 30_000;

export interface SpecFile extends YamlFile {
  url: string;
  /** For messages: a path or a URL. */
  name: string;
}

export class SpecFiles {
  readonly #main: string;
  readonly #files = new Map<string, SpecFile>();
  readonly #hashes = new Map<string, string>();

  constructor(main: string) {
    this.#main = resolve(main);
  }

  /**
   * The file at a URL, the main one without.
   * @throws whatever reading it throws, or YamlSyntaxError.
   */
  async read(url: string = pathToFileURL(this.#main).href): Promise<SpecFile> {
    const known = this.#files.get(url);
    if (known) return known;
    const local = url.startsWith('file:');
    const name = local ? displayPath(fileURLToPath(url)) : url;
    const file = { url, name, ...parseYamlFile(name, await this.text(url)) };
    this.#files.set(url, file);
    return file;
  }

  /** The text of a file, which may be of any language. */
  async text(url: string): Promise<string> {
    const text = url.startsWith('file:') ? await this.#readFile(fileURLToPath(url)) : await fetchText(url);
    this.#hashes.set(url, sha256(text.replaceAll('\r\n', '\n')));
    return text;
  }

  /** What the user names may be a pipe. */
  #readFile(path: string): Promise<string> {
    return path === this.#main ? readFile(path, 'utf8') : readRegular(path);
  }

  /** Whether a file is in the folder of the main one, or below it. */
  async isInside(url: string): Promise<boolean> {
    const [folder, path] = await Promise.all([realpath(dirname(this.#main)), realpath(fileURLToPath(url))]);
    return path.startsWith(folder + sep);
  }

  get(url: string): SpecFile | undefined {
    return this.#files.get(url);
  }

  /** The folders of this machine that hold a file that was read. */
  folders(): string[] {
    const local = [...this.#hashes.keys()].filter((url) => url.startsWith('file:'));
    return [...new Set(local.map((url) => dirname(fileURLToPath(url))))];
  }

  /**
   * One hash for all files that were read, whatever their order and line endings: that of the file if there is one,
   * otherwise that of the lines that `sha256sum` would print for them, sorted, in the folder of the main one.
   */
  sha256(): string {
    const folder = dirname(this.#main);
    const lines = [...this.#hashes].map(([url, hash]) => {
      if (!url.startsWith('file:')) return `${hash}  ${url}`;
      const path = fileURLToPath(url);
      return `${hash}  ${path === this.#main ? basename(path) : relative(folder, path).split(sep).join('/')}`;
    });
    const [only = ''] = this.#hashes.values();
    return lines.length === 1 ? only : sha256(`${lines.toSorted().join('\n')}\n`);
  }
}

/** The SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceInMilliseconds) });
  if (!response.ok) throw new Error(`The server answers ${response.status}.`);
  return response.text();
}
