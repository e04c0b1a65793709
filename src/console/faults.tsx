import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { document as controlDocument } from '../generated/control/document.ts';
import { follow } from '../openapi/look-up.ts';
import { entriesOf, fieldsOf, isList, parseJson, valueAt, type Fields } from '../util/json.ts';
import { Act, Choice, Field, useSession } from './parts.tsx';
import type { ActiveFault, ControlCall } from './session.ts';

interface Preset {
  name: string;
  simulates: string;
  fault: Fields;
}

/** @param token the operation that issues tokens, if the specification has one. */
function presetsFor(token: string | undefined): Preset[] {
  return [
    {
      name: 'unavailable',
      simulates: 'An upstream failure of two requests: retry with growing pauses.',
      fault: { status: 503, count: 2 },
    },
    {
      name: 'too many requests',
      simulates: 'One 429: wait as long as Retry-After says.',
      fault: { status: 429, headers: { 'Retry-After': '5' }, count: 1 },
    },
    {
      name: 'rate limit',
      simulates: 'Sixty requests a minute, refilled on the mock’s clock; 429 above that.',
      fault: { status: 429, limit: { requests: 60, seconds: 60 } },
    },
    {
      name: 'token refused',
      simulates: 'A token that is refused before it expires: renew it once.',
      fault: { status: 401, count: 1 },
    },
    {
      name: 'token service down',
      simulates: 'No new tokens for a minute: go on with the one there is.',
      fault: { ...(token === undefined ? {} : { operationId: token }), status: 503, seconds: 60 },
    },
    {
      name: 'short lifetime',
      simulates: 'Token answers that promise a minute: renew by what the answer says.',
      fault: { expiresIn: 60 },
    },
    {
      name: 'slow',
      simulates: 'Answers after one to four seconds.',
      fault: { delay: { from: 1000, to: 4000 } },
    },
    {
      name: 'trickle',
      simulates: 'A body that comes byte by byte: limit the time of the whole answer.',
      fault: { delivery: 'slow', count: 1 },
    },
    {
      name: 'reset',
      simulates: 'A connection that is reset: retry as after 503.',
      fault: { delivery: 'reset', count: 1 },
    },
    {
      name: 'half a body',
      simulates: 'An answer that ends early: discard it and retry.',
      fault: { delivery: 'truncate', count: 1 },
    },
    {
      name: 'login page',
      simulates: 'HTML with status 200, as a proxy sends it: fail with a clear message.',
      fault: { status: 200, body: '<html>Log in</html>', contentType: 'text/html', count: 1 },
    },
    {
      name: 'one in ten',
      simulates: 'A tenth of all requests fails.',
      fault: { status: 503, probability: 0.1 },
    },
  ];
}

const steps = ['components', 'schemas', 'Fault'];

/** The faults that may still strike, and a form for another one. */
export function FaultSettings(): JSX.Element {
  const { operations, clinics, faults } = useSession();
  const [fault, set] = useState<Fields>({});
  const presets = presetsFor(operations.find(({ issuesTokens }) => issuesTokens)?.id);
  const add: ControlCall = (control) => control.addFault({ body: fault });
  return (
    <section aria-labelledby="faults" class="panel">
      <div class="line">
        <h2 id="faults">Faults</h2>
        {faults.length > 0 && <Act call={(control) => control.clearFaults()}>clear all</Act>}
      </div>
      {faults.length === 0 && <p class="quiet small">None is set.</p>}
      <ul class="rows">
        {faults.map((each) => (
          <Active key={each.id} fault={each} />
        ))}
      </ul>
      <h3>Presets</h3>
      <ul class="presets">
        {presets.map(({ name, simulates, fault: preset }) => (
          <li key={name}>
            <button type="button" onClick={() => set(preset)}>
              {name}
            </button>
            <span class="quiet small">{simulates}</span>
          </li>
        ))}
      </ul>
      <h3>Fault</h3>
      <div class="form" role="group" aria-label="Fault">
        <SchemaForm
          steps={steps}
          value={fault}
          change={set}
          without={['account']}
          choices={{ operationId: operations.map(({ id }) => id), clinic: clinics.map(({ clinic }) => clinic) }}
        />
      </div>
      <p class="bar flat">
        <Act call={add} tone="main" done={() => set({})} disabled={Object.keys(fault).length === 0}>
          Set fault
        </Act>
        <button type="button" onClick={() => set({})}>
          empty
        </button>
        <code class="data quiet">{JSON.stringify(fault)}</code>
      </p>
    </section>
  );
}

function Active({ fault }: { fault: ActiveFault }): JSX.Element {
  const { id, ...settings } = fault;
  return (
    <li class="line data">
      <span>
        {id} <span class="quiet">{JSON.stringify(settings)}</span>
      </span>
      <Act call={(control) => control.clearFault({ path: { faultId: id } })} name={`Clear ${id}`}>
        clear
      </Act>
    </li>
  );
}

interface FormProps {
  /** The steps to an object's schema in the document of the control API. */
  steps: readonly string[];
  value: Fields;
  change: (value: Fields) => void;
  /** Values to choose from, by the name of the property. */
  choices?: Partial<Record<string, readonly string[]>>;
  /** Properties that are left out. */
  without?: readonly string[];
}

/** A form for an object that the control API takes, made from its schema; what is empty is left out. */
function SchemaForm({ steps, value, change, choices = {}, without = [] }: FormProps): JSX.Element {
  const at = follow(controlDocument, steps);
  const properties = entriesOf(valueAt(controlDocument, [...at, 'properties']));
  return (
    <>
      {properties
        .filter(([name]) => !without.includes(name))
        .map(([name]) => (
          <Property
            key={name}
            name={name}
            steps={[...at, 'properties', name]}
            value={value[name]}
            values={choices[name]}
            change={(given) => {
              const { [name]: _, ...others } = value;
              change(given === undefined ? others : { ...others, [name]: given });
            }}
          />
        ))}
    </>
  );
}

interface PropertyProps {
  name: string;
  steps: readonly string[];
  value: unknown;
  values: readonly string[] | undefined;
  change: (value: unknown) => void;
}

function Property({ name, steps, value, values, change }: PropertyProps): JSX.Element {
  const at = follow(controlDocument, steps);
  const schema = fieldsOf(valueAt(controlDocument, at)) ?? {};
  const { type, minimum, maximum, oneOf } = schema;
  const hint = typeof schema['description'] === 'string' ? schema['description'] : undefined;
  const choices = values ?? (isList(schema['enum']) ? schema['enum'].map(String) : undefined);
  const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  if (choices) {
    return (
      <Field label={name} hint={hint}>
        {(id) => (
          <Choice id={id} value={text} values={choices} none="–" change={(given) => change(given || undefined)} />
        )}
      </Field>
    );
  }
  if (isList(oneOf)) return <Alternatives name={name} steps={at} count={oneOf.length} value={value} change={change} />;
  if (type === 'object' && schema['properties']) {
    return (
      <fieldset>
        <legend>{name}</legend>
        <Nested steps={at} value={value} change={change} />
      </fieldset>
    );
  }
  if (type === 'integer' || type === 'number') {
    const bound = (limit: unknown): number | undefined => (typeof limit === 'number' ? limit : undefined);
    return (
      <Field label={name} hint={hint}>
        {(id) => (
          <input
            id={id}
            type="number"
            step={type === 'integer' ? 1 : 'any'}
            min={bound(minimum)}
            max={bound(maximum)}
            value={text}
            onInput={({ currentTarget }) =>
              change(currentTarget.value === '' ? undefined : Number(currentTarget.value))
            }
          />
        )}
      </Field>
    );
  }
  return <Written name={name} hint={hint} type={type} value={value} change={change} />;
}

interface NestedProps {
  steps: readonly string[];
  value: unknown;
  change: (value: unknown) => void;
}

/** A form within the form; an object without properties is left out. */
function Nested({ steps, value, change }: NestedProps): JSX.Element {
  const set = (given: Fields): void => change(Object.keys(given).length > 0 ? given : undefined);
  return <SchemaForm steps={steps} value={fieldsOf(value) ?? {}} change={set} />;
}

/** One of several forms of an object, each named by what it requires. */
function Alternatives({
  name,
  steps,
  count,
  value,
  change,
}: NestedProps & { name: string; count: number }): JSX.Element {
  const forms = Array.from({ length: count }, (_, index) => {
    const required = valueAt(controlDocument, [...steps, 'oneOf', String(index), 'required']);
    return isList(required) ? required.map(String) : [];
  });
  const given = Object.keys(fieldsOf(value) ?? {});
  const meant = forms.findIndex((required) => required.some((each) => given.includes(each)));
  const [chosen, choose] = useState(Math.max(0, meant));
  const shown = meant < 0 ? chosen : meant;
  const names = forms.map((required) => required.join(', '));
  return (
    <fieldset>
      <legend>{name}</legend>
      <Field label="by">
        {(id) => (
          <Choice
            id={id}
            value={names[shown] ?? ''}
            values={names}
            change={(wanted) => {
              choose(names.indexOf(wanted));
              change(undefined);
            }}
          />
        )}
      </Field>
      <Nested steps={[...steps, 'oneOf', String(shown)]} value={value} change={change} />
    </fieldset>
  );
}

interface WrittenProps extends Omit<PropertyProps, 'steps' | 'values'> {
  hint: string | undefined;
  type: unknown;
}

/** A value that is written: a text, lines of names and values, or JSON, where what is no JSON stands for itself. */
function Written({ name, hint, type, value, change }: WrittenProps): JSX.Element {
  const [own, write] = useState({ text: textOf(value, type), value });
  // A preset has set another one.
  const text = own.value === value ? own.text : textOf(value, type);
  const set = (given: string): void => {
    const read = valueOf(given, type);
    write({ text: given, value: read });
    change(read);
  };
  return (
    <Field label={name} hint={hint}>
      {(id) =>
        type === 'string' || isList(type) ? (
          <input id={id} type="text" value={text} onInput={({ currentTarget }) => set(currentTarget.value)} />
        ) : (
          <textarea
            id={id}
            rows={2}
            placeholder={type === 'object' ? 'Name: value' : 'JSON or text'}
            value={text}
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

function textOf(value: unknown, type: unknown): string {
  if (value === undefined) return '';
  if (type === 'object')
    return entriesOf(value)
      .map(([name, each]) => `${name}: ${String(each)}`)
      .join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function valueOf(text: string, type: unknown): unknown {
  if (text === '') return undefined;
  if (type === 'string') return text;
  if (type !== 'object') return parseJson(text) ?? (text.trim() === 'null' ? null : text);
  const pairs = text.split('\n').flatMap((line) => {
    const [, name, value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name.trim(), value]];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}
