import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Fields } from '../../util/json.ts';
import { Act, useSession } from '../parts.tsx';
import { SchemaForm } from './schema-form.tsx';
import type { ActiveFault, ControlCall } from '../session.ts';

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
