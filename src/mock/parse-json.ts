/** How deep arrays and objects may stand in each other: what is deeper no schema describes, and no stack bears. */
const depthLimit = 200;

/** The value of a JSON text; undefined, which JSON has not, where it is none or is nested too deeply. */
export function parseJson(text: Buffer | string): unknown {
  try {
    const value: unknown = JSON.parse(text.toString());
    return isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthLimit) return false;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return true;
}
