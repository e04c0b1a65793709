import { isAbsolute, relative, resolve } from 'node:path';

/** A file's name as a person would type it: relative to the working directory where it lies below that. */
export function displayPath(file: string): string {
  const path = relative(process.cwd(), resolve(file));
  return path === '' || path.startsWith('..') || isAbsolute(path) ? resolve(file) : path;
}
