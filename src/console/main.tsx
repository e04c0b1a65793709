import { render, type ComponentType, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { hrefOf, Copy, SessionProvider, useFragment, useSession } from './parts.tsx';
import { Problems } from './problems.tsx';
import { Requests } from './requests.tsx';
import { Session } from './session.ts';
import { WorldSettings } from './world.tsx';

const views = ['problems', 'requests', 'world', 'reference'] as const;
type View = (typeof views)[number];

interface Place {
  sandbox: string | undefined;
  view: View;
  /** The entry or operation that is shown, or empty. */
  id: string;
}

/** `#/s/{sandbox}/requests/17`, each part optional. */
function placeOf(fragment: string): Place {
  const [, sandbox, view, id = ''] = /^#(?:\/s\/([^/]+))?(?:\/(\w+))?(?:\/(.+))?$/.exec(fragment) ?? [];
  return { sandbox, view: views.find((each) => each === view) ?? 'problems', id: decodeURIComponent(id) };
}

function Page(): JSX.Element {
  const session = useSession();
  const { sandbox, view, id } = placeOf(useFragment());
  useEffect(() => {
    if (sandbox !== session.sandbox) void session.open(sandbox);
  }, [sandbox]);
  useEffect(() => {
    document.title = `${view} · ${session.title || 'Console of the mock'}`;
  }, [view, session.title]);
  return (
    <>
      <Head view={view} />
      <main>
        {session.phase === 'token' && <AskToken />}
        {session.phase === 'lost' && <Lost />}
        {session.phase === 'ready' && <Shown view={view} id={id} />}
      </main>
      <CommandLine />
    </>
  );
}

function Shown({ view, id }: { view: View; id: string }): JSX.Element {
  switch (view) {
    case 'problems':
      return <Problems />;
    case 'requests':
      return <Requests chosen={Number(id) || undefined} />;
    case 'world':
      return <WorldSettings />;
    case 'reference':
    default:
      return <LateReference id={id} />;
  }
}

/** The reference is a file of its own, which is loaded when it is first shown. */
function LateReference({ id }: { id: string }): JSX.Element {
  const [loaded, set] = useState<{ Reference: ComponentType<{ id: string }> }>();
  useEffect(() => {
    void import('./reference.tsx').then(set);
  }, []);
  return loaded ? <loaded.Reference id={id} /> : <p class="quiet">Loading the reference.</p>;
}

function Head({ view }: { view: View }): JSX.Element {
  const session = useSession();
  const { phase, title, url, entries, causes } = session;
  const counts: Partial<Record<View, number>> = { problems: causes.length, requests: entries.length };
  return (
    <header>
      <div class="line">
        <h1>{title || 'Console of the mock'}</h1>
        <span class="data quiet wide">{url}</span>
        {phase === 'ready' && <Clock />}
      </div>
      <div class="navs">
        <nav aria-label="Views" class="tabs">
          {views.map((each) => (
            <a key={each} href={hrefOf(session, each)} aria-current={each === view ? 'page' : undefined}>
              {each} {counts[each] ? <span class="count">{counts[each]}</span> : null}
            </a>
          ))}
        </nav>
        {phase === 'ready' && <Sandboxes view={view} />}
      </div>
    </header>
  );
}

function Clock(): JSX.Element {
  const session = useSession();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((times) => times + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const isSet = Math.abs(session.ahead) > 1500;
  const text = new Date(session.now()).toISOString().slice(0, 19).replace('T', ' ');
  return (
    <span class={isSet ? 'data clock set' : 'data clock quiet'} title="The mock's clock">
      {text}Z
    </span>
  );
}

/** Tabs beyond these would hide each other. */
const mostTabs = 50;

/** The mock's own world, and its sandboxes. */
function Sandboxes({ view }: { view: View }): JSX.Element {
  const session = useSession();
  const { sandbox, sandboxes } = session;
  const name = (id: string | undefined): string => (id === undefined ? 'mock' : id.slice(0, 8));
  const shown = [undefined, ...sandboxes.slice(-mostTabs).map(({ id }) => id)];
  const go = (id: string | undefined): void => {
    location.hash = hrefOf({ sandbox: id }, view);
  };
  const create = async (): Promise<void> => {
    const { id } = await session.createSandbox();
    go(id);
  };
  const end = async (): Promise<void> => {
    if (sandbox !== undefined) await session.endSandbox(sandbox);
    go(undefined);
  };
  return (
    <nav aria-label="Sandboxes" class="tabs worlds">
      {shown.map((id) => (
        <a
          key={name(id)}
          href={hrefOf({ sandbox: id }, view)}
          aria-current={id === sandbox ? 'true' : undefined}
          title={id}
        >
          {name(id)}
        </a>
      ))}
      <button type="button" aria-label="Create a sandbox" onClick={() => void create()}>
        + sandbox
      </button>
      {sandbox !== undefined && (
        <button type="button" aria-label={`End sandbox ${name(sandbox)}`} onClick={() => void end()}>
          end
        </button>
      )}
    </nav>
  );
}

function AskToken(): JSX.Element {
  const session = useSession();
  const [token, set] = useState('');
  return (
    <form
      class="panel ask"
      onSubmit={(event) => {
        event.preventDefault();
        void session.enter(token.trim());
      }}
    >
      <h2>Control token</h2>
      <p>This mock asks for its control token, which it printed when it started. It stays in this page's memory.</p>
      <label>
        Token{' '}
        <input type="password" autoComplete="off" value={token} onInput={(event) => set(event.currentTarget.value)} />
      </label>{' '}
      <button type="submit" class="main">
        Open
      </button>
      {session.trouble !== '' && <p role="alert">{session.trouble}</p>}
    </form>
  );
}

function Lost(): JSX.Element {
  const session = useSession();
  return (
    <div class="panel ask" role="alert">
      <h2>No answer</h2>
      <p>{session.trouble}</p>
      <button type="button" onClick={() => void session.open()}>
        Try again
      </button>{' '}
      {session.sandbox !== undefined && <a href="#/problems">Go to the mock</a>}
    </div>
  );
}

/** The last request of the control API as a command. */
function CommandLine(): JSX.Element {
  const { told } = useSession();
  return (
    <footer>
      <code class="data" title={told.command}>
        {told.command || 'Each switch shows its command here.'}
      </code>
      <span role="status" class={told.result}>
        {told.message}
      </span>
      {told.command !== '' && <Copy text={told.command} name="the command" />}
    </footer>
  );
}

const [, before = '', own] = /^(.*?)(?:\/s\/([\da-f-]{36}))?\/_mock\/console$/.exec(location.pathname) ?? [];
if (own !== undefined && location.hash === '') history.replaceState(null, '', hrefOf({ sandbox: own }, 'problems'));
const session = new Session(location.origin + before, placeOf(location.hash).sandbox);
void session.open();
render(
  <SessionProvider value={session}>
    <Page />
  </SessionProvider>,
  document.body,
);
