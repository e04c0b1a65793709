import { closestMatch } from 'leven';

/** The candidate that was most likely meant by a mistyped word, or undefined where none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  return closestMatch(word, [...candidates], { maxDistance: Math.max(2, Math.floor(word.length / 3)) });
}
