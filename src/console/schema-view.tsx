import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OpenApiDocument } from '../openapi/document.ts';
import { partAt, partsBelow, type Part } from '../openapi/look-up.ts';
import { fieldsOf, isList, textAt, valueAt, type Fields } from '../util/json.ts';

/** Where a statement comes from, by `x-provenance` and the document's `x-sources`. */
export function Provenance({ api, fields }: { api: OpenApiDocument; fields: Fields }): JSX.Element | null {
  const provenance = fields['x-provenance'];
  const source = textAt(provenance, 'source');
  if (source === undefined) return null;
  const meaning = valueAt(api, ['info', 'x-sources', source]);
  const note = textAt(provenance, 'note');
  return (
    <span class={source === 'inferred' ? 'badge inferred' : 'badge'}>
      {typeof meaning === 'string' && source !== 'inferred' ? meaning : source}
      {note !== undefined && <span class="quiet">: {note}</span>}
    </span>
  );
}

/** The examples of a media type by name. */
export function examplesOf(api: OpenApiDocument, { steps, fields }: Part): [string, unknown][] {
  const named = [...partsBelow(api, [...steps, 'examples'])].map(([name, example]): [string, unknown] => [
    name,
    example.fields['value'],
  ]);
  const given = fields['example'] ?? fieldsOf(fields['schema'])?.['example'];
  return given === undefined ? named : [['example', given], ...named];
}

interface SchemaProps {
  api: OpenApiDocument;
  steps: readonly string[];
}

/** What a schema says. The schemas in it are read when they are opened, so that one may lead to itself. */
export function SchemaView({ api, steps }: SchemaProps): JSX.Element {
  const part = partAt(api, steps);
  if (!part) return <span class="data quiet">anything</span>;
  const { fields } = part;
  const required = isList(fields['required']) ? fields['required'] : [];
  const inner = (['allOf', 'oneOf', 'anyOf', 'prefixItems'] as const).flatMap((keyword) =>
    [...partsBelow(api, [...part.steps, keyword])].map(([index, each]) => ({ label: `${keyword} ${index}`, each })),
  );
  const items = partAt(api, [...part.steps, 'items']);
  const more = partAt(api, [...part.steps, 'additionalProperties']);
  return (
    <ul class="schema">
      {[...partsBelow(api, [...part.steps, 'properties'])].map(([name, each]) => (
        <Member key={name} api={api} label={name} note={required.includes(name) ? 'required' : ''} part={each} />
      ))}
      {items && <Member api={api} label="items" note="" part={items} />}
      {more && <Member api={api} label="any other" note="" part={more} />}
      {inner.map(({ label, each }) => (
        <Member key={label} api={api} label={label} note="" part={each} />
      ))}
      {!namesSomething(fields) && <li class="data quiet">{limitsOf(fields)}</li>}
    </ul>
  );
}

interface MemberProps {
  api: OpenApiDocument;
  label: string;
  note: string;
  part: Part;
}

function Member({ api, label, note, part: { fields, steps } }: MemberProps): JSX.Element {
  const [isOpen, open] = useState(label === 'items');
  const line = (
    <>
      <span class="data">
        {label} <span class="quiet">{limitsOf(fields)}</span> {note}
      </span>{' '}
      <span class="quiet small">{textAt(fields, 'description')}</span> <Provenance api={api} fields={fields} />
    </>
  );
  if (!namesSomething(fields)) return <li>{line}</li>;
  return (
    <li>
      <details open={isOpen} onToggle={({ currentTarget }) => open(currentTarget.open)}>
        <summary>{line}</summary>
        {isOpen && <SchemaView api={api} steps={steps} />}
      </details>
    </li>
  );
}

/** Whether a schema has schemas in it. */
function namesSomething(fields: Fields): boolean {
  const inner = ['properties', 'items', 'allOf', 'oneOf', 'anyOf', 'prefixItems'].some(
    (name) => fields[name] !== undefined,
  );
  return inner || fieldsOf(fields['additionalProperties']) !== undefined;
}

const limits = [
  'const',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'default',
];

/** Type, format and limits of a schema in one line. */
function limitsOf(fields: Fields): string {
  const { type, format } = fields;
  const kind = isList(type) ? type.join(' or ') : typeof type === 'string' ? type : '';
  const others = limits.flatMap((name) =>
    fields[name] === undefined ? [] : `${name} ${JSON.stringify(fields[name])}`,
  );
  return [kind, ...(typeof format === 'string' ? [format] : []), ...others].filter(Boolean).join(', ') || 'anything';
}
