import type { OpenApiDocument } from '../openapi/document.ts';

/**
 * What a document says of its own about how clients must behave: `info.x-client-rules` has the id of a rule to its
 * `source`, one of `info.x-sources`, and what that `says`. Anything of another form is passed over.
 */
export function readClientRules({ info }: OpenApiDocument): ReadonlyMap<string, string> {
  const sources = entriesOf(Reflect.get(info, 'x-sources'));
  const rules = [...entriesOf(Reflect.get(info, 'x-client-rules'))].flatMap(([id, rule]) => {
    const { source, says }: Partial<Record<string, unknown>> = Object(rule);
    if (typeof source !== 'string' || typeof says !== 'string') return [];
    const page = sources.get(source);
    return [[id, `${typeof page === 'string' ? page : source}: ${says}`] as const];
  });
  return new Map(rules);
}

function entriesOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
