import { readFile } from 'node:fs/promises';
import express, { type RequestHandler } from 'express';
import type { Api } from '../openapi/api.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { partAt, partsBelow } from '../openapi/look-up.ts';
import type { Operation } from '../openapi/operations.ts';
import { successMediaType, successSchema, successStatus } from '../openapi/responses.ts';
import { lazyAjv } from '../openapi/schema-checker.ts';
import { packageFile } from '../util/files.ts';
import { fieldsOf, toPointer } from '../util/json.ts';
import type { Clinic } from './clinics/clinic.ts';
import type { Played } from './clinics/world.ts';
import type { Handle } from './http/server.ts';
import { sendReply } from './http/reply.ts';
import { paths } from './routing/paths.ts';

/** Schema keyword of a URL: the media type of the file that it links to. */
const keyword = 'x-target-media-type';

/** URL to media type of each file that the clinics' responses and the specification's examples link to. */
function linkedFiles(
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

/** The URL of each photo, and the bundled picture of its media type. */
export async function readPhotos({ api, clinics }: Played): Promise<Map<string, Picture>> {
  const mediaType = 'image/jpeg';
  const picture = { mediaType, bytes: await readFile(packageFile('mocks/photos/portrait.jpg')) };
  const photos = [...linkedFiles(api, clinics)].filter(([, type]) => type === mediaType);
  return new Map(photos.map(([url]) => [url, picture]));
}

/** Serves all photos at the mock's own address, below `/_mock/photos/`. Looks for them at the first request. */
export function serveOwnPhotos(played: Played): RequestHandler {
  let serving: Promise<Handle> | undefined;
  const serve = async (): Promise<Handle> => {
    const photos = await readPhotos(played);
    return servePhotos(new Map([...photos].map(([url, picture]) => [ownPath(url), picture])));
  };
  return async (request, response) => {
    serving ??= serve();
    (await serving)(request, response);
  };
}

function ownPath(url: string): string {
  const { host, pathname, search } = new URL(url);
  return `${paths.control}/photos/${host}${pathname}${search}`;
}

/** The clinics with URLs of photos at the mock's own address. @param origin where clients reach the mock. */
export function withOwnPhotos({ api, clinics }: Played, origin: string): Clinic[] {
  const photos = linkedFiles(api, clinics);
  const replace = (_key: string, value: unknown): unknown =>
    typeof value === 'string' && URL.canParse(value) && photos.has(new URL(value).href)
      ? origin + ownPath(value)
      : value;
  const rewrite = (value: unknown): unknown =>
    value === undefined ? value : JSON.parse(JSON.stringify(value), replace);
  return clinics.map((clinic) => ({
    ...clinic,
    responses: new Map([...clinic.responses].map(([id, body]) => [id, rewrite(body)])),
    collections: clinic.collections?.map((stock) => ({
      ...stock,
      items: stock.items.map((item) => ({ ...item, value: fieldsOf(rewrite(item.value)) ?? item.value })),
    })),
  }));
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
  sendReply(response, {
    status: 404,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: 'No response links to this URL.\n',
  });
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
