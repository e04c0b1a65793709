import { closestMatch } from 'leven';

export function nearest(word: string, candidates: readonly string[]): string | undefined {
  return closestMatch(word, [...candidates], { maxDistance: Math.max(2, Math.floor(word.length / 3)) });
}

/** How many names are listed. */
const most = 20;

/**
 * Says that there is no such thing, and which there are.
 * @param kind what it is: `clinic`.
 * @param name with what else tells it from others: `listRooms that answers with a body`.
 */
export function noSuch(kind: string, name: string, known: readonly string[]): string {
  const none = `There is no ${kind} ${name}`;
  if (known.length === 0) return `${none}: there are none.`;
  const listed = known.slice(0, most).join(', ');
  if (known.length <= most) return `${none}, only ${listed}.`;
  const meant = nearest(name, known);
  return meant === undefined
    ? `${none}, only ${listed} and ${known.length - most} more.`
    : `${none}; did you mean ${meant}?`;
}
