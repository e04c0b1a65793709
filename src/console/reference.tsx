import type { JSX } from 'preact';
import type { OpenApiDocument } from '../openapi/document.ts';
import { partAt, partsBelow, type Part } from '../openapi/look-up.ts';
import type { Operation } from '../openapi/operations.ts';
import { isList, textAt, valueAt, type Fields } from '../util/json.ts';
import { hrefOf, Code, useSession } from './parts.tsx';
import { examplesOf, Provenance, SchemaView } from './schema-view.tsx';
import { TryIt } from './try-it.tsx';

/** The served specification: its operations, and the chosen one in full. */
export function Reference({ id }: { id: string }): JSX.Element {
  const session = useSession();
  const { operations, document: api } = session;
  const operation = operations.find((each) => each.id === id) ?? operations[0];
  const tags = new Map<string, Operation[]>();
  for (const each of operations) {
    const [tag = 'Other'] = api ? listAt(api, [...each.steps, 'tags']) : [];
    tags.set(tag, [...(tags.get(tag) ?? []), each]);
  }
  return (
    <div class="page reference">
      <nav aria-label="Operations">
        {[...tags].map(([tag, ofTag]) => (
          <div key={tag}>
            <h2 class="quiet small">{tag}</h2>
            <ul class="data">
              {ofTag.map((each) => (
                <li key={each.id}>
                  <a
                    href={hrefOf(session, 'reference', encodeURIComponent(each.id))}
                    aria-current={each === operation ? 'true' : undefined}
                  >
                    {each.id}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      {api && operation && <Described key={operation.id} api={api} operation={operation} />}
    </div>
  );
}

function listAt(api: OpenApiDocument, steps: string[]): string[] {
  const list = valueAt(api, steps);
  return isList(list) ? list.map(String) : [];
}

function Described({ api, operation }: { api: OpenApiDocument; operation: Operation }): JSX.Element {
  const { method, serverPath, path, steps, summary } = operation;
  const fields = partAt(api, steps)?.fields ?? {};
  return (
    <article class="operation">
      <h2 class="data">
        {method.toUpperCase()} {serverPath}
        {path}
      </h2>
      <p>
        {summary} <Provenance api={api} fields={fields} />
      </p>
      <Said fields={fields} />
      <TryIt api={api} operation={operation} />
      <Parameters api={api} operation={operation} />
      <Content api={api} title="Request body" at={[...steps, 'requestBody']} />
      <h3>Answers</h3>
      {[...partsBelow(api, [...steps, 'responses'])].map(([status, part]) => (
        <details key={status} class="panel" open={status === operation.usualStatus}>
          <summary>
            <strong class="data">{status}</strong> {textAt(part.fields, 'description')}{' '}
            <Provenance api={api} fields={part.fields} />
          </summary>
          <Headers api={api} part={part} />
          <Content api={api} title="Body" at={part.steps} />
        </details>
      ))}
    </article>
  );
}

function Said({ fields }: { fields: Fields }): JSX.Element | null {
  const text = textAt(fields, 'description');
  return text === undefined ? null : <p class="said quiet">{text}</p>;
}

function Parameters({ api, operation }: { api: OpenApiDocument; operation: Operation }): JSX.Element | null {
  if (operation.parameters.length === 0) return null;
  return (
    <>
      <h3>Parameters</h3>
      <ul class="rows">
        {operation.parameters.map(({ name, in: place, required, steps }) => {
          const fields = partAt(api, steps)?.fields ?? {};
          return (
            <li key={`${place} ${name}`}>
              <span class="data">
                <strong>{name}</strong> <span class="quiet">{place}</span> {required ? 'required' : ''}
              </span>{' '}
              <Provenance api={api} fields={fields} />
              <Said fields={fields} />
              <SchemaView api={api} steps={[...steps, 'schema']} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Headers({ api, part }: { api: OpenApiDocument; part: Part }): JSX.Element | null {
  const headers = [...partsBelow(api, [...part.steps, 'headers'])];
  if (headers.length === 0) return null;
  return (
    <>
      <h4>Headers</h4>
      <ul>
        {headers.map(([name, { fields }]) => (
          <li key={name}>
            <span class="data">{name}</span> <span class="quiet">{textAt(fields, 'description')}</span>{' '}
            <Provenance api={api} fields={fields} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** The media types of a request or an answer, with schema and examples. */
function Content({ api, title, at }: { api: OpenApiDocument; title: string; at: string[] }): JSX.Element | null {
  const types = [...partsBelow(api, [...at, 'content'])];
  if (types.length === 0) return null;
  return (
    <>
      {types.map(([type, part]) => (
        <div key={type}>
          <h4>
            {title} <span class="data">{type}</span>
          </h4>
          {part.fields['schema'] !== undefined && <SchemaView api={api} steps={[...part.steps, 'schema']} />}
          {examplesOf(api, part).map(([name, value]) => (
            <Code
              key={name}
              name={`the example ${name}`}
              text={typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
            />
          ))}
        </div>
      ))}
    </>
  );
}
