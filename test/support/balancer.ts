import { connect, createServer } from 'node:net';
import { freePort } from './free-port.ts';

/** A balancer in front of servers: each connection leads to the next one, and ends as that ends it. */
export async function startBalancer(urls: () => readonly string[]): Promise<AsyncDisposable & { url: string }> {
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const all = urls();
    turn += 1;
    const upstream = connect({ port: Number(new URL(all[turn % all.length] ?? '').port), allowHalfOpen: true });
    client.pipe(upstream);
    upstream.pipe(client);
    upstream.on('error', () => client.resetAndDestroy());
    client.on('error', () => upstream.destroy());
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}
