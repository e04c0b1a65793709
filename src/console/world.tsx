import type { JSX } from 'preact';
export function World(): JSX.Element {
  return <section class="page">World</section>;
}
