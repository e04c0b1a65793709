import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useContext, useEffect, useId, useLayoutEffect, useState } from 'preact/hooks';
import { toneOf, type Journaled } from './entries.ts';
import type { ControlCall, Session } from './session.ts';

const Current = createContext<Session | undefined>(undefined);

export const SessionProvider = Current.Provider;

/** The session of the page; what calls this is drawn again with each change. */
export function useSession(): Session {
  const session = useContext(Current);
  const [, draw] = useState(0);
  // After the page is drawn it is too late: the mock may have refused, and nothing changes from then on.
  useLayoutEffect(() => session?.follow(() => draw((times) => times + 1)), [session]);
  if (!session) throw new Error('There is no session.');
  return session;
}

/** The fragment of the page's address, and a function to set it. */
export function useFragment(): string {
  const [fragment, set] = useState(location.hash);
  useLayoutEffect(() => {
    const read = (): void => set(location.hash);
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return fragment;
}

/** The address of a view of the session's world. */
export function hrefOf({ sandbox }: Pick<Session, 'sandbox'>, view: string, id?: number | string): string {
  const world = sandbox === undefined ? '' : `/s/${sandbox}`;
  return `#${world}/${view}${id === undefined ? '' : `/${id}`}`;
}

interface ActProps {
  call: ControlCall;
  children: ComponentChildren;
  /** What it is called where its text alone does not tell. */
  name?: string;
  tone?: 'plain' | 'danger' | 'main';
  disabled?: boolean;
  done?: () => void;
}

/** A button that sends a request of the control API; it shows how curl would, when it is pointed at or has the focus. */
export function Act({ call, children, name, tone = 'plain', disabled = false, done }: ActProps): JSX.Element {
  const session = useContext(Current);
  const show = (): void => session?.show(call);
  const act = async (): Promise<void> => {
    if (await session?.act(call)) done?.();
  };
  return (
    <button
      type="button"
      class={tone}
      aria-label={name}
      disabled={disabled}
      onClick={() => void act()}
      onPointerEnter={show}
      onFocus={show}
    >
      {children}
    </button>
  );
}

/** A button that copies a text. */
export function Copy({ text, name }: { text: string; name: string }): JSX.Element {
  const [copied, set] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => set(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => set(await copyText(text));
  return (
    <button type="button" class="copy" aria-label={`Copy ${name}`} onClick={() => void copy()}>
      {copied ? 'copied' : 'copy'}
    </button>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain HTTP to another machine there is no clipboard but this.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}

/** Data in several lines, with a button that copies it. @param copied what is copied, if it is not what is shown. */
export function Code({ text, name, copied = text }: { text: string; name: string; copied?: string }): JSX.Element {
  return (
    <div class="code">
      <pre tabIndex={0} aria-label={name}>
        {text}
      </pre>
      <Copy text={copied} name={name} />
    </div>
  );
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  children: (id: string) => ComponentChildren;
}

export function Field({ label, hint, children }: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id} title={hint}>
        {label}
      </label>
      {children(id)}
    </div>
  );
}

interface ChoiceProps {
  /** Unless a label names the id. */
  label?: string;
  id?: string;
  value: string;
  values: readonly string[];
  /** What the empty value means; without it there is none. */
  none?: string;
  change: (value: string) => void;
}

/** A choice among texts. */
export function Choice({ label, id, value, values, none, change }: ChoiceProps): JSX.Element {
  return (
    <select id={id} aria-label={label} value={value} onChange={({ currentTarget }) => change(currentTarget.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {values.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </select>
  );
}

export function Status({ entry }: { entry: Pick<Journaled, 'status' | 'broken'> }): JSX.Element {
  const text = entry.status === undefined ? 'none' : `${entry.status}${entry.broken ? '!' : ''}`;
  return <span class={`status ${toneOf(entry)}`}>{text}</span>;
}

/** The time of day of an entry, on the mock's clock. */
export function timeOf(time: string): string {
  return time.slice(11, 23);
}

export function durationOf(milliseconds: number): string {
  return milliseconds < 9.95 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`;
}
