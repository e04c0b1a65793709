import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  body: string;
}

export interface Question {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Asks over connections that stay open. */
export class Client implements Disposable {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  async ask({ method, url, headers = {}, body = '' }: Question): Promise<Answer> {
    const sent = request(url, {
      method,
      agent: this.#agent,
      headers: method === 'GET' ? headers : { ...headers, 'Content-Length': Buffer.byteLength(body) },
      // A mock that says nothing any more must not keep the run from its end.
      signal: AbortSignal.timeout(10_000),
    });
    // One that comes after the answer has begun shows in its body.
    sent.on('error', () => {});
    sent.end(body);
    const [response] = await once(sent, 'response');
    return { status: response.statusCode, body: await text(response) };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
