import type { Duplex } from 'node:stream';

/**
 * Waits for the first byte on a connection, and leaves it there to be read.
 * @returns undefined where the connection ends before, or nothing comes in time.
 */
export function firstByte(connection: Duplex, milliseconds: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const settle = (byte: number | undefined): void => {
      clearTimeout(timer);
      connection.off('readable', look);
      connection.off('close', end);
      resolve(byte);
    };
    const look = (): void => {
      const bytes: unknown = connection.read();
      if (bytes instanceof Uint8Array) connection.unshift(bytes);
      settle(bytes instanceof Uint8Array ? bytes[0] : undefined);
    };
    const end = (): void => settle(undefined);
    const timer = setTimeout(end, milliseconds);
    connection.on('readable', look);
    connection.on('close', end);
  });
}
