import type { Demand, ObjectDemand } from '../../matching/demand.ts';
import { writePath } from '../guarantee/demand/places.ts';
import { both, not } from '../../matching/regex/language.ts';
import { textsOf } from '../guarantee/demand/texts.ts';
import { findTexts } from '../../matching/regex/find-text.ts';
import type { Loss } from '../../verify/weakening/weakening.ts';
import { describe } from './words.ts';

/** What was demanded of an object's fields and is demanded no more. */
export function compareObjects(
  was: ObjectDemand,
  is: ObjectDemand,
  compare: (was: Demand, is: Demand) => Loss[],
): Loss[] {
  const fields = [...was.named].flatMap(([name, demand]): Loss[] => {
    const now = is.named.get(name) ?? is.rest;
    if (was.required && !(is.required && is.named.has(name))) return [dropped(was, name)];
    return now ? compare(demand, now) : [dropped(was, name)];
  });
  return [...fields, ...compareRest(was, is, compare), ...compareNames(was, is)];
}

function dropped({ place }: ObjectDemand, name: string): Loss {
  return { rule: 'field', path: place + writePath([name]), sentence: `The field ${name} is demanded no more.` };
}

function compareRest(was: ObjectDemand, is: ObjectDemand, compare: (was: Demand, is: Demand) => Loss[]): Loss[] {
  if (!was.rest) return [];
  if (is.rest) return compare(was.rest, is.rest);
  return [{ rule: 'field', path: was.rest.place, sentence: 'Of other fields nothing is demanded any more.' }];
}

function compareNames(was: ObjectDemand, is: ObjectDemand): Loss[] {
  const now = both(...is.names.map((condition) => textsOf(condition, true)));
  return was.names
    .filter((condition) => findTexts(both(now, not(textsOf(condition, true)))).kind !== 'none')
    .map((condition) => ({
      rule: 'names',
      path: was.place,
      sentence: `Each name had to be ${describe(condition)}, and need not be any more.`,
    }));
}
