import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { hrefOf, Choice, timeOf, useSession } from './parts.tsx';
import type { GroupedCause, ShownExplanation } from './session.ts';

const whose = {
  program: 'the program',
  fixture: 'the fixture',
  specification: 'the specification',
  mock: 'the mock, as it was told',
} as const;

/** A cause in words: what happened, whose fault it is, what to do, where that is said. */
export function Explained({
  explanation,
  children,
}: {
  explanation: ShownExplanation;
  children?: JSX.Element;
}): JSX.Element {
  const { cause, kind, severity, happened, remedy, source } = explanation;
  return (
    <article class={`panel cause ${severity}`}>
      <h3 class="happened">{happened}</h3>
      <p class="remedy">{remedy}</p>
      <p class="quiet small">
        <span class="data">
          {kind} {cause}
        </span>
        {' · to change: '}
        {whose[explanation.whose]}
        {` · ${source}`}
      </p>
      {children}
    </article>
  );
}

/** What goes wrong, grouped by its cause. */
export function Problems(): JSX.Element {
  const session = useSession();
  const { causes, entries, looks } = session;
  const [only, narrow] = useState('');
  const shown = causes.filter((each) => only === '' || each.whose === only);
  const blames = [...new Set(causes.map((each) => each.whose))];
  if (looks === 0) return <p class="quiet empty">Looking.</p>;
  return (
    <section aria-label="Problems" class="page">
      <div class="line title">
        <h2>{headline(causes)}</h2>
        {blames.length > 1 && (
          <Choice label="Whose" none="anything to change" value={only} values={blames} change={narrow} />
        )}
      </div>
      {shown.map((each) => (
        <Explained key={`${each.kind} ${each.cause} ${each.happened}`} explanation={each}>
          <Occurrences cause={each} />
        </Explained>
      ))}
      {causes.length === 0 && (
        <p class="quiet empty">
          {entries.length === 0
            ? 'Nothing was asked yet. Call the mock, and it shows here.'
            : 'All requests were answered as usual.'}
        </p>
      )}
      <p class="quiet small">
        <a href={hrefOf(session, 'requests')}>All requests</a>
      </p>
    </section>
  );
}

function headline(causes: readonly GroupedCause[]): string {
  const grave = causes.filter(({ severity }) => severity !== 'info').length;
  if (causes.length === 0) return 'Nothing is wrong';
  const provoked = causes.length - grave;
  const told = provoked > 0 ? `${provoked} that the mock was told to cause` : '';
  return [grave > 0 ? `${grave} ${grave === 1 ? 'problem' : 'problems'}` : '', told].filter(Boolean).join(', ');
}

function Occurrences({ cause: { count, lastTime, clientIds, entries } }: { cause: GroupedCause }): JSX.Element {
  const session = useSession();
  const newest = entries.toReversed().slice(0, 8);
  return (
    <p class="small data occurrences">
      <strong>{count}×</strong> last at {timeOf(lastTime)}
      {clientIds.length > 0 && <span class="quiet">{clientIds.join(', ')}</span>}
      <span>
        requests{' '}
        {newest.map((id) => (
          <a key={id} href={hrefOf(session, 'requests', id)}>
            {id}
          </a>
        ))}
      </span>
    </p>
  );
}
