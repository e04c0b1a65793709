/** A pact file as a text, of the version, with the interactions. */
export function pactText(version: string, interactions: readonly object[], more: object = {}): string {
  return JSON.stringify({
    consumer: { name: 'app' },
    provider: { name: 'service' },
    interactions,
    metadata: { pactSpecification: { version } },
    ...more,
  });
}

/** An interaction that says little. */
export function interaction(request: object = {}, response: object = {}, more: object = {}): object {
  return {
    description: 'a request',
    request: { method: 'GET', path: '/things', ...request },
    response: { status: 200, ...response },
    ...more,
  };
}
