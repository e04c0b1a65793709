import express, { type RequestHandler } from 'express';
import type { Handle } from '../../mock/http/server.ts';
import type { Picture } from './pictures.ts';

/**
 * Serves the photos of one host as files that do not change: with `HEAD`, and with `ETag` for conditional requests.
 * @param photos by path and query, as `URL` writes them.
 * @param otherwise what answers requests for anything else; default: 404.
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
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end('None of the answers leads here.\n');
};

function pathOf(target: string): string {
  const url = `http://photos${target}`;
  return URL.canParse(url) ? new URL(url).pathname + new URL(url).search : target;
}
