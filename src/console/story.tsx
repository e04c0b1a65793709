import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { curlOf, type Journaled } from './entries.ts';
import { hrefOf, Code, durationOf, Status, timeOf, useSession } from './parts.tsx';
import { Explained } from './problems.tsx';
import type { ToldStory } from './session.ts';

/** All that is known of one request. */
export function StoryPanel({ entry }: { entry: Journaled }): JSX.Element {
  const session = useSession();
  const { url, looks, control } = session;
  const { id, method, path, violations = [] } = entry;
  const [told, tell] = useState<ToldStory>();
  const story = told?.entry.id === id ? told : undefined;
  useEffect(() => {
    let isOver = false;
    control.explainEntry({ path: { entryId: String(id) } }).then(
      (answer) => !isOver && tell(answer),
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [control, id, looks]);
  return (
    <aside aria-label={`Request ${id}`} class="story">
      <div class="line">
        <h2 class="data">
          <Status entry={entry} /> {method} {path}
        </h2>
        <a class="close" href={hrefOf(session, 'requests')} aria-label="Close the request">
          close
        </a>
      </div>
      {story?.explanations.map((each) => (
        <Explained key={each.cause} explanation={each} />
      ))}
      {story && <Checks checks={story.checks} />}
      {violations.length > 0 && (
        <>
          <h3>Violations of the specification</h3>
          <ul class="data violations">
            {violations.map((violation) => (
              <li key={violation}>{violation}</li>
            ))}
          </ul>
        </>
      )}
      <h3>Facts</h3>
      <Facts entry={entry} story={story} />
      <Recorded entry={entry} />
      <h3>As curl</h3>
      <Code text={curlOf(url, entry)} name="the request as curl" />
      {story && <Neighbours entry={entry} story={story} />}
    </aside>
  );
}

function Checks({ checks }: { checks: ToldStory['checks'] }): JSX.Element {
  return (
    <>
      <h3>What was checked</h3>
      <ol class="checks">
        {checks.map(({ check, passed, text }) => (
          <li key={`${check} ${text}`} class={passed ? 'passed' : 'failed'}>
            <span class="data">
              <span aria-hidden="true">{passed ? '✓' : '✗'}</span> {check}
              <span class="hidden">{passed ? ' passed' : ' failed'}</span>
            </span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

interface FactsProps {
  entry: Journaled;
  story: ToldStory | undefined;
}

function Facts({ entry, story }: FactsProps): JSX.Element {
  const session = useSession();
  const { operationId, tokenId, fault, retryAfter, broken } = entry;
  const issued = entry.authentication === 'bearer' ? undefined : tokenId;
  return (
    <dl class="data">
      <Fact name="id">{entry.id}</Fact>
      <Fact name="time">{entry.time}</Fact>
      <Fact name="took">{durationOf(entry.milliseconds)}</Fact>
      <Fact name="operation">
        {operationId && <a href={hrefOf(session, 'reference', operationId)}>{operationId}</a>}
      </Fact>
      <Fact name="clinic">{entry.clinic}</Fact>
      <Fact name="key">{entry.clientId}</Fact>
      <Fact name="client by">{entry.authentication}</Fact>
      <Fact name={issued === undefined ? 'token' : 'issued token'}>{tokenId}</Fact>
      <Fact name="token from">
        {story?.tokenRequest && (
          <a href={hrefOf(session, 'requests', story.tokenRequest)}>request {story.tokenRequest}</a>
        )}
      </Fact>
      <Fact name="refused as">{entry.reason}</Fact>
      <Fact name="fault">{fault && (story?.effect === undefined ? fault : `${fault}: ${story.effect}`)}</Fact>
      <Fact name="broken">{broken && 'the connection ended before the answer was whole'}</Fact>
      <Fact name="Retry-After">{retryAfter === undefined ? undefined : `${retryAfter} s`}</Fact>
      <Fact name="Origin">{entry.origin}</Fact>
      <Fact name="secret in query">{entry.credentialsInQuery?.join(', ')}</Fact>
    </dl>
  );
}

/** A name and what is known of it; nothing where that is nothing. */
function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element | null {
  if (children === undefined || children === '' || children === false) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What request and answer said, where the mock records that. */
function Recorded({ entry: { request, response } }: { entry: Journaled }): JSX.Element {
  if (!request) return <p class="quiet small">With --record bodies the mock keeps query, headers and bodies.</p>;
  const query = Object.entries(request.query).flatMap(([name, values]) => values.map((value) => `?${name}=${value}`));
  return (
    <>
      <h3>Request</h3>
      <Code text={[...query, textOf(request)].join('\n')} name="the recorded request" />
      {response && (
        <>
          <h3>Answer</h3>
          <Code text={textOf(response)} name="the recorded answer" />
        </>
      )}
    </>
  );
}

function textOf({ headers, body }: { headers: Record<string, string>; body?: string }): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [...lines, ...(body === undefined ? [] : ['', body])].join('\n');
}

function Neighbours({ entry, story: { before, after } }: { entry: Journaled; story: ToldStory }): JSX.Element {
  const session = useSession();
  const wanted = new Set([...before, entry.id, ...after]);
  return (
    <>
      <h3>Before and after</h3>
      <ol class="data near">
        {session.entries
          .filter(({ id }) => wanted.has(id))
          .map((each) => (
            <li key={each.id} aria-current={each.id === entry.id ? 'true' : undefined}>
              <a href={hrefOf(session, 'requests', each.id)}>
                {timeOf(each.time)} <Status entry={each} /> {each.method} {each.path} {each.reason ?? each.fault}
              </a>
            </li>
          ))}
      </ol>
    </>
  );
}
