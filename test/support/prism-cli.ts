import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A running `prism mock`, the command line of @stoplight/prism-cli. Ends with the block. */
export interface PrismCli extends AsyncDisposable {
  url: string;
}

export async function startPrismCli(spec: string): Promise<PrismCli> {
  const child = spawn('node_modules/.bin/prism', ['mock', '--port', '0', '--host', '127.0.0.1', spec], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const listening = /Prism is listening on (http:\/\/[\w.:]+)/.exec(printed)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    child.once('close', () => reject(new Error(`Prism ended early: ${printed}`)));
  });
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'close');
    },
  };
}
