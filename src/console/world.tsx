import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { AnswerEditor } from './answers.tsx';
import { Clinics } from './clinics.tsx';
import { FaultSettings } from './faults.tsx';
import { Act, useSession } from './parts.tsx';
import type { Scenario } from './session.ts';

/** What the mock plays, to change it. */
export function WorldSettings(): JSX.Element {
  return (
    <div class="page columns">
      <div>
        <Clinics />
        <ClockSettings />
        <Scenarios />
        <Whole />
      </div>
      <div>
        <FaultSettings />
        <AnswerEditor />
      </div>
    </div>
  );
}

const jumps = [
  ['+1 min', { minutes: 1 }],
  ['+10 min', { minutes: 10 }],
  ['+1 h', { hours: 1 }],
  ['+1 day', { days: 1 }],
  ['+30 days', { days: 30 }],
] as const;

function ClockSettings(): JSX.Element {
  const session = useSession();
  const [wanted, want] = useState('');
  return (
    <section aria-labelledby="clock" class="panel">
      <div class="line">
        <h2 id="clock">Clock</h2>
        <span class="data">{new Date(session.now()).toISOString().slice(0, 19)}Z</span>
      </div>
      <p class="bar flat">
        {jumps.map(([name, body]) => (
          <Act key={name} call={(control) => control.advanceClock({ body })}>
            {name}
          </Act>
        ))}
        <Act call={(control) => control.resetClock()}>real time</Act>
      </p>
      <p class="bar flat">
        <input
          type="datetime-local"
          aria-label="Time to set, UTC"
          value={wanted}
          onInput={({ currentTarget }) => want(currentTarget.value)}
        />
        <Act disabled={wanted === ''} call={(control) => control.setClock({ body: { now: `${wanted}:00Z` } })}>
          set (UTC)
        </Act>
      </p>
    </section>
  );
}

function Scenarios(): JSX.Element | null {
  const { scenarios } = useSession();
  if (scenarios.length === 0) return null;
  return (
    <section aria-labelledby="scenarios" class="panel">
      <h2 id="scenarios">Scenarios</h2>
      <ul class="rows">
        {scenarios.map((each) => (
          <ScenarioRow key={each.name} scenario={each} />
        ))}
      </ul>
    </section>
  );
}

function ScenarioRow({ scenario: { name, about, running, steps } }: { scenario: Scenario }): JSX.Element {
  const path = { scenario: name };
  return (
    <li>
      <div class="line">
        <span>
          <strong class="data">{name}</strong> <span class="quiet small">{about}</span>
        </span>
        {running ? (
          <Act name={`Stop ${name}`} call={(control) => control.stopScenario({ path })}>
            stop
          </Act>
        ) : (
          <Act name={`Start ${name}`} call={(control) => control.startScenario({ path })}>
            start
          </Act>
        )}
      </div>
      {running && (
        <ol class="data small">
          {steps.map(({ after, does, done }) => (
            <li key={`${after} ${does}`} class={done ? 'quiet' : ''}>
              {done ? '✓' : '·'} {after} s {does}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

function Whole(): JSX.Element {
  return (
    <section aria-labelledby="whole" class="panel">
      <h2 id="whole">The whole</h2>
      <p class="bar flat">
        <Act call={(control) => control.rotateSigningKeys()}>rotate signing keys</Act>
        <Act tone="danger" call={(control) => control.reset()}>
          reset everything
        </Act>
      </p>
      <p class="quiet small">A reset takes clock, keys, answers, faults, journal and findings back to the start.</p>
    </section>
  );
}
