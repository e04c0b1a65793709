import type { ComponentChildren, JSX } from 'preact';
import { curlOf, neighboursOf, tokenRequestOf, type Journaled } from './entries.ts';
import { Explained } from './problems.tsx';
import { addressOf, Code, durationOf, Status, timeOf, useSession } from './parts.tsx';
import { settingsOf } from './session.ts';

/** All that is known of one request. */
export function Story({ entry }: { entry: Journaled }): JSX.Element {
  const session = useSession();
  const { entries, url } = session;
  const { id, method, path, time, milliseconds, operationId, clinic, clientId, violations = [], retryAfter } = entry;
  return (
    <aside aria-label={`Request ${id}`} class="story">
      <div class="line">
        <h2 class="data">
          <Status entry={entry} /> {method} {path}
        </h2>
        <a class="close" href={addressOf(session, 'requests')} aria-label="Close the request">
          close
        </a>
      </div>
      <Explained entry={entry} />
      <Checks entry={entry} />
      {violations.length > 0 && (
        <>
          <h3>Violations of the specification</h3>
          <ul class="data">
            {violations.map((violation) => (
              <li key={violation}>{violation}</li>
            ))}
          </ul>
        </>
      )}
      <h3>Facts</h3>
      <dl class="data">
        <Fact name="id">{id}</Fact>
        <Fact name="time">{time}</Fact>
        <Fact name="took">{durationOf(milliseconds)}</Fact>
        <Fact name="operation">
          {operationId && <a href={addressOf(session, 'reference', operationId)}>{operationId}</a>}
        </Fact>
        <Fact name="clinic">{clinic}</Fact>
        <Fact name="key">{clientId}</Fact>
        <Fact name="token">
          <Token entry={entry} />
        </Fact>
        <Fact name="fault">
          <Fault entry={entry} />
        </Fact>
        <Fact name="Retry-After">{retryAfter === undefined ? undefined : `${retryAfter} s`}</Fact>
        <Fact name="Origin">{entry.origin}</Fact>
        <Fact name="secret in query">{entry.credentialsInQuery?.join(', ')}</Fact>
      </dl>
      <Sent entry={entry} />
      <h3>As curl</h3>
      <Code text={curlOf(url, entry)} name="the request as curl" />
      <h3>Before and after, {clientId === undefined ? 'same clinic' : 'same key'}</h3>
      <ol class="data near">
        {neighboursOf(entries, entry, 4).map((each) => (
          <li key={each.id} aria-current={each.id === id ? 'true' : undefined}>
            <a href={addressOf(session, 'requests', each.id)}>
              {timeOf(each.time)} <Status entry={each} /> {each.method} {each.path} {each.reason}
            </a>
          </li>
        ))}
      </ol>
    </aside>
  );
}

/** A name and what is known of it; nothing where that is nothing. */
function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element | null {
  if (children === undefined || children === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Token({ entry }: { entry: Journaled }): JSX.Element {
  const session = useSession();
  const { tokenId, authentication } = entry;
  if (authentication === 'basic' || authentication === 'form') {
    const uses = tokenId === undefined ? 0 : session.entries.filter((each) => each.tokenId === tokenId).length - 1;
    return (
      <>
        {tokenId === undefined
          ? `none issued; client by ${authentication}`
          : `issued ${tokenId}, used ${uses} times since`}
      </>
    );
  }
  if (tokenId === undefined) return <>{authentication === 'bearer' ? 'one that cannot be read' : 'none'}</>;
  const from = tokenRequestOf(session.entries, entry);
  return (
    <>
      {tokenId}
      {from && (
        <>
          , from <a href={addressOf(session, 'requests', from.id)}>request {from.id}</a> at {timeOf(from.time)}
        </>
      )}
    </>
  );
}

function Fault({ entry: { fault } }: { entry: Journaled }): JSX.Element | null {
  const { faults } = useSession();
  if (fault === undefined) return null;
  const set = faults.find(({ id }) => id === fault);
  return (
    <>
      {fault}{' '}
      {set
        ? JSON.stringify(Object.fromEntries(settingsOf(set)))
        : fault === 'prefer'
          ? '(asked by the request)'
          : '(over)'}
    </>
  );
}

/** What the mock looks at in turn, and the reasons of a refusal there. */
const steps: readonly [name: string, reasons: RegExp][] = [
  ['request', /^(?:unreadable|two_hosts|expectation|invalid_request)$/],
  ['path and method', /_path$|^wrong_method$/],
  ['credentials', /^missing_|^invalid_(?:client|credentials|key|token)$|^other_sandbox$/],
  ['grant', /_grant/],
  ['expiry', /^expired_token$/],
  ['scope', /_scope$/],
  ['key', /_key$/],
];

function Checks({ entry }: { entry: Journaled }): JSX.Element | null {
  const { reason, operationId, authentication, violations = [] } = entry;
  const isToken = authentication === 'basic' || authentication === 'form';
  const failed = reason === undefined ? steps.length : steps.findIndex(([, reasons]) => reasons.test(reason));
  if (failed < 0 || (operationId === undefined && failed > 1)) return null;
  const shown = steps.filter(([name], at) => at === failed || (name === 'grant' ? isToken : !isToken || at < 3));
  return (
    <ul class="checks data" aria-label="What was checked">
      {shown.map((step) => {
        const at = steps.indexOf(step);
        const state = at < failed ? 'passed' : at === failed ? 'failed' : 'skipped';
        return (
          <li key={step[0]} class={state}>
            {step[0]} <span>{state === 'passed' ? '✓' : state === 'failed' ? '✗' : '–'}</span>
            <span class="hidden">{state}</span>
          </li>
        );
      })}
      <li class={violations.length > 0 ? 'failed' : operationId === undefined ? 'skipped' : 'passed'}>
        specification{' '}
        <span>{violations.length > 0 ? `✗ ${violations.length}` : operationId === undefined ? '–' : '✓'}</span>
      </li>
    </ul>
  );
}

/** What the request said, where the mock records that. */
function Sent({ entry: { request } }: { entry: Journaled }): JSX.Element {
  if (!request) return <p class="quiet">Start the mock with --record bodies to see query, headers and body.</p>;
  const lines = [
    ...Object.entries(request.query).flatMap(([name, values]) => values.map((value) => `?${name}=${value}`)),
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...(request.body === undefined ? [] : ['', request.body]),
  ];
  return (
    <>
      <h3>Request</h3>
      <Code text={lines.join('\n')} name="the recorded request" />
    </>
  );
}
