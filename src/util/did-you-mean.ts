import { closestMatch } from 'leven';

export function nearest(word: string, candidates: readonly string[]): string | undefined {
  return closestMatch(word, [...candidates], { maxDistance: Math.max(2, Math.floor(word.length / 3)) });
}

/** Names that are listed; where there are more, a list helps nobody. */
const most = 20;

/**
 * Says that there is no such thing, and which there are.
 * @param kind what it is: `clinic`.
 * @param name with what else tells it from others: `listRooms that answers with a body`.
 */
export function noSuch(kind: string, name: string, known: readonly string[]): string {
  return `There is no ${kind} ${name}${instead(name, known)}`;
}

function instead(name: string, known: readonly string[]): string {
  if (known.length === 0) return ': there are none.';
  const listed = known.slice(0, most).join(', ');
  if (known.length <= most) return `, only ${listed}.`;
  const meant = nearest(name, known);
  return meant === undefined ? `, only ${listed} and ${known.length - most} more.` : `; did you mean ${meant}?`;
}
