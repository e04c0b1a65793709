import { readFile } from 'node:fs/promises';
import { packageFile } from '../../spec/package-file.ts';

/** What stands for every photo of its media type. */
export interface Picture {
  mediaType: string;
  bytes: Buffer;
}

/** The pictures that come along. */
const files = { 'image/jpeg': 'mocks/photos/portrait.jpg' };

/** The pictures by their media types. */
export async function readPictures(): Promise<Map<string, Picture>> {
  const pictures = new Map<string, Picture>();
  for (const [mediaType, name] of Object.entries(files)) {
    pictures.set(mediaType, { mediaType, bytes: await readFile(packageFile(name)) });
  }
  return pictures;
}
