import type { State } from '../../pact/model.ts';

/** An interaction as verdicts name it: its description, and its states with their parameters. */
export function interactionName({ description, states }: { description: string; states: readonly State[] }): string {
  if (states.length === 0) return description;
  const words = states.map(({ name, params }) => {
    const details = Object.entries(params).map(([key, value]) => `${key}: ${textOf(value)}`);
    return details.length > 0 ? `${name} (${details.join(', ')})` : name;
  });
  return `${description}, given ${words.join(' and ')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
