import cluster from 'node:cluster';
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { codeOf, messageOf } from '../../spec/thrown.ts';
import { defaultLimits } from '../limits.ts';
import { bind } from '../listen.ts';
import { closeServer, makeServer } from '../serve.ts';
import { BorrowedAnswers } from './borrowed.ts';
import { forward } from './forward.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

/** Answers requests in the place of the primary until that says otherwise, or is gone. */
export async function runWorker({ host, port, connections }: WorkerSettings): Promise<void> {
  // The primary hears them too, and says when it is over.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  process.once('disconnect', () => process.exit());
  const tell = (message: FromWorker): void => void process.send?.(message);
  const borrowed = new BorrowedAnswers((requests) => tell({ type: 'answered', requests }));
  const upstream = new Promise<number>((resolve) => {
    process.on('message', (message: ToWorker) => message.type === 'upstream' && resolve(message.port));
  });
  const clients = new WeakMap<Socket, { agent: Agent; number: number }>();
  let count = 0;
  const server = makeServer({ ...defaultLimits, connections });
  server.on('connection', (socket) => {
    count += 1;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    clients.set(socket, { agent, number: count });
    socket.once('close', () => agent.destroy());
  });
  server.on('request', (request, response) => {
    const client = clients.get(request.socket);
    if (!client || borrowed.answer(request, response, client.number)) return;
    const { agent, number } = client;
    const onLoan = (loan: Parameters<typeof borrowed.keep>[1]): void => borrowed.keep(request, loan);
    const connection = `${cluster.worker?.id}-${number}`;
    void upstream.then((to) => forward(request, response, { port: to, agent, connection, onLoan }));
  });
  process.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'upstream':
        return;
      case 'recall':
        borrowed.recall(message.epoch);
        return tell({ type: 'recalled', epoch: message.epoch });
      case 'close':
        return void closeServer(server).finally(() => {
          borrowed.tell();
          process.disconnect();
        });
    }
  });
  try {
    tell({ type: 'listening', url: await bind(server, host, port) });
  } catch (error) {
    tell({ type: 'refused', code: codeOf(error), reason: messageOf(error) });
  }
}
