/** What of an interaction the verification of a provider must know, whatever version of Pact wrote it. */
export interface Interaction {
  /** Its place in the contract's list. */
  index: number;
  /** False for messages, which go another way than over HTTP. */
  http: boolean;
  description: string;
  states: State[];
  /** The names of the values that its request takes from its states. */
  values: string[];
  response: { status: unknown; headers: string[]; contentType: string | undefined; body: unknown };
}

export interface State {
  name: string;
  params: Readonly<Record<string, unknown>>;
}

type Fields = Partial<Record<string, unknown>>;

/** The interactions of a contract of version 2, 3 or 4. */
export function readInteractions(contract: unknown): Interaction[] {
  const { interactions, messages = [] }: Fields = Object(contract);
  const http = Array.isArray(interactions) ? interactions.map((each, index) => readInteraction(each, index)) : [];
  const others = Array.isArray(messages) ? messages.map((each, index) => readInteraction(each, index)) : [];
  return [...http, ...others.map((each) => ({ ...each, http: false }))];
}

function readInteraction(interaction: unknown, index: number): Interaction {
  const { type = 'Synchronous/HTTP', description, request, response }: Fields = Object(interaction);
  const { status = 200, headers, body }: Fields = Object(response);
  const fields = new Map(Object.entries(Object(headers)).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const content: Fields = Object(body);
  // Version 4 has the body in an envelope.
  const wrapped = 'content' in content && ('contentType' in content || 'encoded' in content);
  return {
    index,
    http: type === 'Synchronous/HTTP',
    description: String(description),
    states: readStates(Object(interaction)),
    values: readValues(Reflect.get(Object(request), 'generators')),
    response: {
      status,
      headers: Object.keys(Object(headers)),
      contentType: fields.get('content-type') ?? (wrapped ? String(content['contentType']) : undefined),
      body: wrapped ? content['content'] : body,
    },
  };
}

function readStates({ providerStates, providerState, provider_state: oldState }: Fields): State[] {
  if (Array.isArray(providerStates)) {
    return providerStates.map((state) => {
      const { name, params }: Fields = Object(state);
      return { name: String(name), params: Object(params ?? {}) };
    });
  }
  const name = providerState ?? oldState;
  return typeof name === 'string' && name !== '' ? [{ name, params: {} }] : [];
}

/** Generators stand below `path`, or below a name in `headers`, `query` and `body`. */
function readValues(generators: unknown): string[] {
  if (typeof generators !== 'object' || generators === null) return [];
  const { type, expression }: Fields = generators;
  if (type !== 'ProviderState') return Object.values(generators).flatMap(readValues);
  return [...String(expression).matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name);
}

/** An interaction as verdicts name it: the description and the states. */
export function nameOf({ description, states }: Interaction): string {
  if (states.length === 0) return description;
  const words = states.map(({ name, params }) => {
    const details = Object.entries(params).map(([key, value]) => `${key}: ${String(value)}`);
    return details.length > 0 ? `${name} (${details.join(', ')})` : name;
  });
  return `${description}, given ${words.join(' and ')}`;
}
