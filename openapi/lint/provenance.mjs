// A Redocly rule: every operation, response and property says in `x-provenance` where its statement comes from, and so
// does every rule for clients.
// A specification written from a vendor's pages mixes what they say with what we guess; without this rule the two
// become one.

/** Says what is wrong with an `x-provenance`, or nothing. */
function fault(provenance, sources) {
  if (provenance === undefined) return 'has no x-provenance';
  if (typeof provenance !== 'object' || provenance === null) return 'has an x-provenance that is no object';
  if (!sources.includes(provenance.source)) return `has an x-provenance whose source is none of ${sources.join(', ')}`;
  if (provenance.source === 'inferred' && !provenance.note) return 'is inferred and its x-provenance has no note why';
  return undefined;
}

function check(what, node, { report, location }, sources) {
  const wrong = fault(node['x-provenance'], sources);
  if (wrong) {
    report({
      message: `${what} ${wrong}. Expected \`x-provenance: { source: ${sources.join(' | ')}, note: … }\`.`,
      location: location.key(),
    });
  }
}

function ProvenanceRequired() {
  // The sources are data: what the document lists under info.x-sources.
  let sources = [];
  return {
    Root: (root, { report, location }) => {
      sources = Object.keys(root.info?.['x-sources'] ?? {});
      for (const [id, rule] of Object.entries(root.info?.['x-client-rules'] ?? {})) {
        if (sources.includes(rule?.source) && rule.says) continue;
        report({
          message: `The client rule ${id} has a source that is none of ${sources.join(', ')}, or does not say what it is.`,
          location: location.child(['info', 'x-client-rules', id]).key(),
        });
      }
    },
    Operation: (operation, context) => check(`The operation ${operation.operationId}`, operation, context, sources),
    Response: (response, context) => check(`The response ${context.key}`, response, context, sources),
    Schema: (schema, { report, location }) => {
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        const context = { report, location: location.child(['properties', name]) };
        check(`The property ${name}`, property, context, sources);
      }
    },
  };
}

export default function provenance() {
  return { id: 'provenance', rules: { oas3: { required: ProvenanceRequired } } };
}
