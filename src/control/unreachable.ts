/** No mock answers at the URL: it does not run, or stands elsewhere. `cause` is what `fetch` says. */
export class ControlUnreachableError extends Error {
  override readonly name = 'ControlUnreachableError';
  /** The operation of the control API. */
  readonly operation: string;
  /** Where the mock was looked for; undefined where that was no URL that can be asked. */
  readonly url: string | undefined;

  constructor(operation: string, url: string, cause: unknown) {
    const asked = askable(url);
    const remedy = 'Start one with `npx arzamed mock`, or give createControlClient the url that it prints.';
    // What cannot be asked may hold a password, and the cause would show it.
    if (asked === undefined) super(`${operation}: the url is not of the form http://HOST:PORT. ${remedy}`);
    else super(`${operation}: no mock answers at ${asked}${reasonOf(cause)}. ${remedy}`, { cause });
    this.operation = operation;
    this.url = asked;
  }
}

function askable(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, password, origin, pathname } = new URL(url);
  const plain = /^https?:$/.test(protocol) && username === '' && password === '';
  return plain ? origin + pathname.replace(/\/+$/, '') : undefined;
}

function reasonOf(failure: unknown): string {
  const code: unknown = Reflect.get(Object(Reflect.get(Object(failure), 'cause')), 'code');
  return typeof code === 'string' ? ` (${code})` : '';
}
