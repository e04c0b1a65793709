// A website whose handler lets an error of the client through. Web frameworks answer with `status` or `statusCode` of what a
// handler throws, and a revoked key of the website's own must not tell its visitors that they are forbidden.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import express from 'express';
import fastify from 'fastify';
import { isArzamedError } from '../../src/client/index.ts';
import { textsIn } from '../docs/blocks.ts';
import { Scripted, status } from './support.ts';

async function answerOfExpress(call: () => Promise<unknown>, handle = (_app: unknown): void => {}): Promise<number> {
  const app = express();
  app.set('env', 'test');
  app.get('/', async () => {
    await call();
  });
  handle(app);
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return (await fetch(`http://127.0.0.1:${Object(server.address()).port}/`)).status;
  } finally {
    server.close();
  }
}

/** What visitors get while the API answers the website with a status. */
const websites: Record<string, (call: () => Promise<unknown>) => Promise<number>> = {
  Express: (call) => answerOfExpress(call),
  async Fastify(call) {
    const app = fastify();
    app.get('/', () => call());
    try {
      return (await app.inject('/')).statusCode;
    } finally {
      await app.close();
    }
  },
};

describe('what the API answers the website is not what the website answers its visitors', () => {
  const cases = Object.keys(websites).flatMap((name) => [401, 403, 404, 503].map((code) => [name, code] as const));

  test.each(cases)('%s, %i', async (name, code) => {
    const { client } = new Scripted({ call: status(code) });
    expect(await websites[name]?.(() => client.listDoctors())).toBe(500);
  });

  test.each(Object.keys(websites))('%s, a refused token request', async (name) => {
    const { client } = new Scripted({ token: status(400) });
    expect(await websites[name]?.(() => client.listDoctors())).toBe(500);
  });
});

test.each([
  [503, 503],
  [403, 502],
])('the handler of docs/errors.md answers as it says: %i', async (code, answered) => {
  const handler = textsIn('js').find((text) => text.startsWith('app.use(')) ?? '';
  const { client } = new Scripted({ call: status(code) });
  const call = (): Promise<unknown> => client.listDoctors();
  expect(await answerOfExpress(call, (app) => runInNewContext(handler, { app, isArzamedError }))).toBe(answered);
});
