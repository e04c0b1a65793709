import type { Server } from 'node:http';
import { Problem } from '../util/errors.ts';
import { codeOf } from '../spec/thrown.ts';

/**
 * Starts to listen.
 * @returns the URL of the server, without a slash at its end.
 * @throws Problem if the port is in use, or the host is not one of this machine.
 */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${reachable(host)}:${bound}`;
}

/** The host under which a client on this machine reaches the server. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function explain(error: Error, host: string, port: number): Error {
  if (codeOf(error) === 'EADDRINUSE') {
    return new Problem(
      {
        code: 'address_in_use',
        what: `Port ${port} on ${host} is in use by another program.`,
        remedy: 'Stop that program, or choose another port with --port PORT; --port 0 takes a free one.',
      },
      { cause: error },
    );
  }
  return new Problem(
    {
      code: 'address_unavailable',
      what: `The mock cannot listen on ${host}, port ${port}.`,
      facts: { reason: error.message },
      remedy: 'Choose another address with --host HOST and --port PORT.',
    },
    { cause: error },
  );
}
