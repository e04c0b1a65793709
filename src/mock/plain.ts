import type { IncomingMessage } from 'node:http';

/** Whether nothing in the head of a request asks for anything unusual, and it presents one token. */
export function isPlain({ headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): boolean {
  const { prefer, origin } = headers;
  if (prefer !== undefined || origin !== undefined || headers['content-type'] !== undefined) return false;
  // Some clients say of a request without a body that it has one of no bytes.
  if ((headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined) return false;
  let authorizations = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    // Of two headers Node shows the first alone, and something else on the way may look at the second.
    if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations += 1;
  }
  return authorizations === 1;
}
