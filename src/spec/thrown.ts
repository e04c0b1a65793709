// What Node throws is no `instanceof Error` inside Jest, which runs modules in a realm of its own: read, do not ask.

/** The `code` of something that was thrown, such as `ENOENT`. */
export function codeOf(thrown: unknown): string | undefined {
  const code = read(thrown, 'code');
  return typeof code === 'string' ? code : undefined;
}

/** The `status` of an error that stands for an HTTP answer. */
export function statusOf(thrown: unknown): number | undefined {
  const status = read(thrown, 'status');
  return typeof status === 'number' ? status : undefined;
}

/** The `limit` in bytes of an error that says that something is too large. */
export function limitOf(thrown: unknown): number {
  return Number(read(thrown, 'limit') ?? 0);
}

/** The `name` of an error's class, such as `RangeError`. */
export function nameOf(thrown: unknown): string | undefined {
  const name = read(thrown, 'name');
  return typeof name === 'string' ? name : undefined;
}

/** The message of something that was thrown. */
export function messageOf(thrown: unknown): string {
  return String(read(thrown, 'message') ?? thrown);
}

function read(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined;
}
