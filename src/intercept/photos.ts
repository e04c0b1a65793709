import { readFile } from 'node:fs/promises';
import express, { type RequestHandler } from 'express';
import type { Clinic } from '../mock/clinics/clinic.ts';
import type { Handle } from '../mock/http/server.ts';
import type { Api } from '../openapi/api.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { partAt, partsBelow } from '../openapi/look-up.ts';
import type { Operation } from '../openapi/operations.ts';
import { successMediaType, successSchema, successStatus } from '../openapi/responses.ts';
import { lazyAjv } from '../openapi/schema-checker.ts';
import { packageFile } from '../util/files.ts';
import { toPointer } from '../util/json.ts';
import { sendLine } from './proxy/respond.ts';

/** Schema keyword of a URL: the media type of the file that it links to. */
const keyword = 'x-target-media-type';

/** URL to media type of each file that the clinics' responses and the specification's examples link to. */
export function linkedFiles(
  { document, operations }: Pick<Api, 'document' | 'operations'>,
  clinics: readonly Clinic[],
): Map<string, string> {
  const files = new Map<string, string>();
  const ajv = lazyAjv(document);
  // Ajv resolves references and alternatives, and calls `validate` for each text with the keyword.
  ajv.addKeyword({
    keyword,
    type: 'string',
    schemaType: 'string',
    validate: (mediaType: string, text: string) => {
      if (/^https?:/i.test(text) && URL.canParse(text)) files.set(new URL(text).href, mediaType);
      return true;
    },
  });
  for (const operation of operations) {
    const schema = successSchema(document, operation);
    if (!schema) continue;
    const pointer = toPointer(schema).split('/').map(encodeURIComponent).join('/');
    const look = ajv.compile({ $ref: `#${pointer}` });
    for (const { responses } of clinics) if (responses.has(operation.id)) look(responses.get(operation.id));
    for (const example of successExamples(document, operation)) look(example);
  }
  return files;
}

/** Stands in for every photo of its media type. */
export interface Picture {
  mediaType: string;
  bytes: Buffer;
}

/** Media type to bundled picture. */
export async function readPictures(): Promise<Map<string, Picture>> {
  const mediaType = 'image/jpeg';
  return new Map([[mediaType, { mediaType, bytes: await readFile(packageFile('mocks/photos/portrait.jpg')) }]]);
}

/**
 * Serves the photos of one host, with `HEAD` and `ETag`.
 * @param photos by path and query, as `URL` writes them.
 * @param otherwise answers all other requests; default: 404.
 */
export function servePhotos(photos: ReadonlyMap<string, Picture>, otherwise: Handle = missing): Handle {
  const servePhoto: RequestHandler = (request, response, next) => {
    const photo = photos.get(pathOf(request.originalUrl));
    if (!photo) return next();
    if (request.method === 'GET' || request.method === 'HEAD') return response.type(photo.mediaType).send(photo.bytes);
    return response.status(405).set('Allow', 'GET, HEAD').type('text').send('A photo can only be read.\n');
  };
  const app = express();
  app.disable('x-powered-by').set('etag', 'strong').use(servePhoto);
  app.use((request, response) => otherwise(request, response));
  return app;
}

const missing: Handle = (_request, response) => {
  sendLine(response, 404, 'No response links to this URL.');
};

function pathOf(target: string): string {
  const url = `http://photos${target}`;
  return URL.canParse(url) ? new URL(url).pathname + new URL(url).search : target;
}

function successExamples(document: OpenApiDocument, operation: Operation): unknown[] {
  const [status = '', type = ''] = [successStatus(operation), successMediaType(document, operation)];
  const media = partAt(document, [...operation.steps, 'responses', status, 'content', type]);
  const named = partsBelow(document, [...(media?.steps ?? []), 'examples']);
  const examples = [media?.fields['example'], ...[...named.values()].map(({ fields }) => fields['value'])];
  return examples.filter((each) => each !== undefined);
}
