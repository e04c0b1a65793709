import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { everything, harOf, Narrowed, type Journaled, type Wanted } from './entries.ts';
import { Act, hrefOf, Choice, durationOf, Status, timeOf, useSession } from './parts.tsx';
import { StoryPanel } from './story.tsx';

/** The requests, the newest first, and the story of the chosen one. */
export function Requests({ chosen }: { chosen: number | undefined }): JSX.Element {
  const session = useSession();
  const { entries, generation } = session;
  const [wanted, want] = useState<Wanted>(everything);
  const narrowed = useMemo(() => new Narrowed(), []);
  const found = narrowed.of(entries, generation, wanted);
  const entry = chosen === undefined ? undefined : entries.find(({ id }) => id === chosen);
  return (
    <div class={entry ? 'split told' : 'split'}>
      <section aria-label="Requests" class="requests">
        <Filters wanted={wanted} want={want} found={found} />
        {found.length > 0 ? (
          <List entries={found} chosen={chosen} />
        ) : (
          <p class="quiet empty">
            {entries.length > 0
              ? 'No request fits these filters.'
              : 'Nothing was asked yet. Call the mock, and it shows here.'}
          </p>
        )}
      </section>
      {entry && <StoryPanel entry={entry} />}
      {chosen !== undefined && !entry && <p class="quiet empty">Request {chosen} is no longer in the journal.</p>}
    </div>
  );
}

const statuses = ['refused', '2xx', '3xx', '4xx', '5xx', 'none', '400', '401', '403', '404', '422', '429', '503'];

interface FiltersProps {
  wanted: Wanted;
  want: (wanted: Wanted) => void;
  found: readonly Journaled[];
}

function Filters({ wanted, want, found }: FiltersProps): JSX.Element {
  const session = useSession();
  const { operations, clinics, entries, url } = session;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  const valuesOf = (name: 'fault' | 'operationId'): string[] => [
    ...new Set(entries.slice(-2000).flatMap((entry) => entry[name] ?? [])),
  ];
  const ids = [...new Set([...operations.map(({ id }) => id), ...valuesOf('operationId')])];
  const keys = clinics
    .filter(({ clinic }) => wanted.clinic === '' || clinic === wanted.clinic)
    .flatMap((clinic) => clinic.keys.map(({ clientId }) => clientId));
  const set = (name: keyof Wanted) => (value: string) => want({ ...wanted, [name]: value });
  return (
    <div class="bar" role="search" aria-label="Filter requests">
      <input
        ref={search}
        type="search"
        aria-label="Text (press / to come here)"
        placeholder="text  ( / )"
        value={wanted.text}
        onInput={({ currentTarget }) => set('text')(currentTarget.value)}
      />
      <Choice
        label="Operation"
        none="any operation"
        value={wanted.operationId}
        values={ids}
        change={set('operationId')}
      />
      <Choice
        label="Clinic"
        none="any clinic"
        value={wanted.clinic}
        values={clinics.map(({ clinic }) => clinic)}
        change={set('clinic')}
      />
      <Choice label="Key" none="any key" value={wanted.clientId} values={keys} change={set('clientId')} />
      <Choice label="Status" none="any status" value={wanted.status} values={statuses} change={set('status')} />
      <Choice label="Fault" none="any fault" value={wanted.fault} values={valuesOf('fault')} change={set('fault')} />
      <span class="quiet data end">
        {found.length === entries.length ? found.length : `${found.length} of ${entries.length}`}
      </span>
      <button type="button" onClick={() => download('requests.har', JSON.stringify(harOf(url, found)))}>
        HAR
      </button>
      <Act call={(control) => control.clearJournal()}>clear</Act>
    </div>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/** Pixels of a row; the style sheet says the same. */
const rowHeight = 26;
/** Rows that are drawn above and below what is seen. */
const margin = 8;

/** A list that draws only what is seen. */
function List({ entries, chosen }: { entries: readonly Journaled[]; chosen: number | undefined }): JSX.Element {
  const session = useSession();
  const box = useRef<HTMLDivElement>(null);
  const [{ top, height }, look] = useState({ top: 0, height: 800 });
  const count = entries.length;
  const newest = entries.at(-1)?.id ?? 0;
  const before = useRef({ count, newest });

  const see = (): void => {
    const { scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    look({ top: scrollTop, height: clientHeight });
  };
  useEffect(() => {
    const observer = new ResizeObserver(see);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  // A reader who has scrolled down goes on seeing the same rows while new ones are put above.
  useLayoutEffect(() => {
    const added = newest > before.current.newest ? count - before.current.count : 0;
    before.current = { count, newest };
    if (box.current && box.current.scrollTop > 0 && added > 0) box.current.scrollTop += added * rowHeight;
  }, [count, newest]);

  const at = chosen === undefined ? -1 : positionOf(entries, chosen);
  const go = (position: number): void => {
    const entry = entries[count - 1 - Math.max(0, Math.min(count - 1, position))];
    if (entry) location.replace(hrefOf(session, 'requests', entry.id));
  };
  useLayoutEffect(() => {
    if (at < 0 || !box.current) return;
    const { scrollTop, clientHeight } = box.current;
    if (at * rowHeight < scrollTop) box.current.scrollTop = at * rowHeight;
    else if ((at + 1) * rowHeight > scrollTop + clientHeight)
      box.current.scrollTop = (at + 1) * rowHeight - clientHeight;
  }, [chosen]);

  const page = Math.max(1, Math.floor(height / rowHeight) - 1);
  const moves: Partial<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const first = Math.max(0, Math.floor(top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + margin);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
  return (
    <div
      ref={box}
      class="list data"
      role="listbox"
      tabIndex={0}
      aria-label="Requests, the newest first"
      aria-activedescendant={at >= first && at < last ? `row-${chosen}` : undefined}
      onScroll={see}
      onKeyDown={(event) => {
        const to = moves[event.key];
        if (to === undefined) return;
        event.preventDefault();
        go(to);
      }}
    >
      <div role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows.map((position) => {
            const entry = entries[count - 1 - position];
            return (
              entry && <Row key={entry.id} entry={entry} isChosen={entry.id === chosen} choose={() => go(position)} />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The position of an entry from the newest on; ids grow. */
function positionOf(entries: readonly Journaled[], id: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return entries[low]?.id === id ? entries.length - 1 - low : -1;
}

interface RowProps {
  entry: Journaled;
  isChosen: boolean;
  choose: () => void;
}

function Row({ entry, isChosen, choose }: RowProps): JSX.Element {
  const { id, time, method, path, clinic, clientId, reason, fault, milliseconds } = entry;
  return (
    <div role="option" id={`row-${id}`} aria-selected={isChosen} class="row" onClick={choose}>
      <span class="quiet c-time">{timeOf(time)}</span>
      <Status entry={entry} />
      <span class="c-method">{method}</span>
      <span class="c-path">{path}</span>
      <span class="c-why">
        {reason}
        {fault !== undefined && <span class="fault">{reason === undefined ? fault : ` ${fault}`}</span>}
      </span>
      <span class="quiet c-key">{clientId ?? clinic}</span>
      <span class="quiet c-ms">{durationOf(milliseconds)}</span>
    </div>
  );
}
