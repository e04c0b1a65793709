import type { IHttpRequest } from '@stoplight/prism-http';
import type { PrismOperation } from './prism/types.ts';

/** How many requests are kept for an operation. */
const mostChecks = 100;
/** Characters that a request may have to be kept. */
const longest = 5000;

/** What Prism finds in requests. The same operation and the same input have the same violations, so they are looked for once. */
export class KeptChecks {
  readonly #found = new WeakMap<PrismOperation, Map<string, string[] | undefined>>();
  readonly #keeps: boolean;

  /** @param keeps false for a mock that asks Prism each time. */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** @param check what is kept, where it is not known yet. */
  violations(
    operation: PrismOperation,
    request: IHttpRequest,
    check: () => string[] | undefined,
  ): string[] | undefined {
    const key = this.#keeps ? keyOf(operation, request) : '';
    if (key === '' || key.length > longest) return check();
    const known = this.#found.get(operation) ?? new Map<string, string[] | undefined>();
    this.#found.set(operation, known);
    if (known.has(key)) return known.get(key);
    const found = check();
    if (known.size >= mostChecks) {
      const [oldest = ''] = known.keys();
      known.delete(oldest);
    }
    known.set(key, found);
    return found;
  }
}

/** All of a request that Prism looks at: of the headers those that the operation names, and what they say of the body. */
function keyOf({ request }: PrismOperation, { url, headers = {}, body }: IHttpRequest): string {
  const named = request?.headers?.map(({ name }) => headers[name.toLowerCase()] ?? null);
  return JSON.stringify([url.path, url.query, headers['content-type'], headers['content-length'], named, body]);
}
