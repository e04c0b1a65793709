import cluster from 'node:cluster';
import { Agent, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { codeOf, messageOf } from '../../spec/thrown.ts';
import { defaultLimits } from '../limits.ts';
import { bind } from '../listen.ts';
import { closeServer, makeServer } from '../serve.ts';
import { BorrowedAnswers, type Borrowed } from './borrowed.ts';
import { forward } from './forward.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

const tell = (message: FromWorker): void => void process.send?.(message);

/** Answers requests in the place of the primary until that says otherwise, or is gone. */
export function runWorker(): void {
  // The primary hears them too, and says when it is over.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  process.once('disconnect', () => process.exit());
  const borrowed = new BorrowedAnswers((requests) => tell({ type: 'answered', requests }));
  let server: Server | undefined;
  process.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'listen':
        server = serve(message.settings, borrowed);
        return void listen(server, message.settings);
      case 'recall':
        borrowed.recall(message.epoch);
        return tell({ type: 'recalled', epoch: message.epoch });
      case 'close':
        return void end(server, borrowed);
    }
  });
}

function serve({ connections, upstream: port }: WorkerSettings, borrowed: BorrowedAnswers): Server {
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
    const onLoan = (loan: Borrowed): void => borrowed.keep(request, loan);
    forward(request, response, { port, agent, connection: `${cluster.worker?.id}-${number}`, onLoan });
  });
  return server;
}

async function listen(server: Server, { host, port }: WorkerSettings): Promise<void> {
  try {
    tell({ type: 'listening', url: await bind(server, host, port) });
  } catch (error) {
    tell({ type: 'refused', code: codeOf(error), reason: messageOf(error) });
  }
}

async function end(server: Server | undefined, borrowed: BorrowedAnswers): Promise<void> {
  if (server) await closeServer(server);
  borrowed.tell();
  process.disconnect();
}
