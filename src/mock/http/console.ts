import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import type { RequestHandler } from 'express';
import { packageFile } from '../../util/files.ts';
import { whyForeign } from '../control/router.ts';
import { paths } from '../routing/paths.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { jsonReply, sendReply, type Reply } from './reply.ts';

const types: Partial<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The page asks no other host for anything, and what a request says can never run in it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Serves the files of the console, which are read when they are asked for. */
export const serveConsole: RequestHandler = async (request, response, next) => {
  const name = /^\/console(?:\/([\w-]+\.(?:js|css)))?$/.exec(request.path);
  if (!name || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
  return sendReply(response, await replyWith(name[1] ?? 'index.html'));
};

async function replyWith(file: string): Promise<Reply> {
  try {
    const body = await readFile(packageFile(`dist/console/${file}`), 'utf8');
    const headers = {
      'Content-Type': types[extname(file)] ?? 'text/plain',
      'Content-Security-Policy': policy,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-cache',
    };
    return { status: 200, headers, body };
  } catch {
    return jsonReply(404, { message: `The console has no file ${file}. In a clone, npm run build makes its files.` });
  }
}

/** Whether a request comes from the console, whose calls are no client's. */
export function isOfConsole({ referer = '', host = '' }: IncomingHttpHeaders): boolean {
  const called = URL.canParse(referer) ? new URL(referer) : undefined;
  return called?.host === host && called.pathname.endsWith(`${paths.control}/console`);
}

/** Leads a browser that asks for `/` to the console, unless that is an operation. False for any other request. */
export function leadToConsole(sandbox: Sandbox, request: IncomingMessage, response: ServerResponse): boolean {
  if (
    request.url !== '/' ||
    !/^(?:GET|HEAD)$/.test(request.method ?? '') ||
    !/\btext\/html\b/.test(request.headers.accept ?? '')
  )
    return false;
  if (sandbox.api.finder.find('GET', '/').kind === 'operation' || whyForeign(request, sandbox.controlToken))
    return false;
  const Location = `${new URL(sandbox.url).pathname.replace(/\/$/, '')}${paths.control}/console`;
  sendReply(response, {
    status: 302,
    headers: { Location, Vary: 'Accept', 'Cache-Control': 'no-store' },
    body: undefined,
  });
  return true;
}
