import type { Random } from '../random.ts';
import type { Delay } from './fault.ts';

/** Draws how long an answer is held back, in milliseconds. */
export function drawDelay(delay: Delay, random: Random): number {
  if ('milliseconds' in delay) return delay.milliseconds;
  if ('from' in delay) return delay.from + (delay.to - delay.from) * random();
  return delay.median * Math.exp(delay.sigma * drawNormal(random));
}

/** A number of the standard normal distribution (Box and Muller). */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
