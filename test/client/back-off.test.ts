import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { backOff, readRetryAfter } from '../../src/client/timing.ts';

const now = Date.parse('2026-11-23T12:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['seconds', '120', 120_000],
    ['an HTTP date', 'Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['an HTTP date of RFC 850', 'Monday, 23-Nov-26 12:00:30 GMT', 30_000],
    ['now', '0', undefined],
    ['in the past', 'Mon, 23 Nov 2026 11:59:59 GMT', undefined],
    ['negative', '-5', undefined],
    ['nothing', '', undefined],
    ['missing', null, undefined],
    ['neither', 'soon', undefined],
  ])('that is %s is read', (_name, header, expected) => {
    expect(readRetryAfter(header, now)).toBe(expected);
  });

  test('gives a positive number or nothing, whatever it says', () => {
    const headers = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(headers, (header) => {
        const wait = readRetryAfter(header, now);
        expect(wait === undefined || wait > 0).toBe(true);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  test('gives a date back to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seconds) => {
        const date = new Date(now + seconds * 1000).toUTCString();
        expect(readRetryAfter(date, now)).toBe(seconds * 1000);
        expect(readRetryAfter(String(seconds), now)).toBe(seconds * 1000);
      }),
      { seed: 4 },
    );
  });
});

const attempts = fc.integer({ min: 1, max: 100 });
const chances = fc.double({ min: 0, max: 1, noNaN: true });

describe('a wait', () => {
  test('is spread over all from nothing to a bound that doubles, up to twenty seconds', () => {
    fc.assert(
      fc.property(attempts, chances, (attempt, chance) => {
        const bound = Math.min(20_000, 500 * 2 ** (attempt - 1));
        expect(backOff(attempt, 0, () => chance)).toBeCloseTo(chance * bound);
      }),
      { seed: 4 },
    );
  });

  test('is at least what the service asks for, up to a minute', () => {
    fc.assert(
      fc.property(attempts, chances, fc.double({ min: 0, noNaN: true }), (attempt, chance, retryAfter) => {
        const wait = backOff(attempt, retryAfter, () => chance);
        expect(wait).toBeGreaterThanOrEqual(Math.min(60_000, retryAfter));
        expect(wait).toBeLessThanOrEqual(60_000);
      }),
      { seed: 4 },
    );
  });
});
