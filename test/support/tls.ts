import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';

/**
 * Has a client that trusts one authority shake hands with a server that shows a certificate.
 * @returns 'trusted', or the reason of the client's error.
 */
export async function shakeHands(
  authority: string,
  host: string,
  shown: { certificate: string; privateKey: string },
): Promise<string> {
  const server = createServer({ cert: shown.certificate, key: shown.privateKey }, (socket) => socket.end());
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: Pick<AddressInfo, 'port'> = { port: 0, ...Object(server.address()) };
  // What a client checks of an address is the address that it asked for; of a name, the name that it asked for.
  const socket = connect({ port, host: '127.0.0.1', ca: authority, servername: /[a-z]$/.test(host) ? host : '' });
  const outcome = await new Promise<string>((resolve) => {
    socket.once('secureConnect', () => resolve('trusted'));
    socket.once('error', (error) => resolve(error.message));
  });
  socket.destroy();
  server.close();
  await once(server, 'close');
  return outcome;
}
