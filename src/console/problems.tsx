import type { JSX } from 'preact';
import type { Journaled } from './entries.ts';
import { addressOf, useSession } from './parts.tsx';

export function Explained({ entry: { reason } }: { entry: Journaled }): JSX.Element | null {
  return reason === undefined ? null : <p>{reason}</p>;
}

/** What goes wrong, grouped by its cause. */
export function Problems(): JSX.Element {
  const session = useSession();
  return (
    <section aria-label="Problems" class="page">
      {session.findings.map((finding) => (
        <article key={finding.id} class="panel">
          <h2>{finding.message}</h2>
          <p>{finding.remedy}</p>
          {finding.entries.map((id) => (
            <a key={id} href={addressOf(session, 'requests', id)}>
              {id}
            </a>
          ))}
        </article>
      ))}
    </section>
  );
}
