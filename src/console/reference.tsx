import type { JSX } from 'preact';
export function Reference({ id }: { id: string }): JSX.Element {
  return <section class="page">{id}</section>;
}
