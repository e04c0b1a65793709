import { isDeepStrictEqual } from 'node:util';
import type { Interaction, State } from '../../pact/model.ts';
import { writePath } from '../guarantee/demand/places.ts';
import { compareRequests } from '../../verify/weakening/compare-requests.ts';
import { compareResponses } from '../../verify/weakening/compare-responses.ts';
import type { Loss } from '../../verify/weakening/weakening.ts';

/** What an interaction promised and another one does not. */
export function compareInteractions(was: Interaction, is: Interaction): Loss[] {
  return [...compareOccasions(was, is), ...compareResponses(was.response, is.response)];
}

/** Whether another interaction promises all that one promised. */
export function promisesAsMuch(was: Interaction, is: Interaction): boolean {
  // Of most interactions it takes less time to say that they are about something else.
  return compareOccasions(was, is).length === 0 && compareResponses(was.response, is.response).length === 0;
}

/** When the answer is owed, and for what. */
function compareOccasions(was: Interaction, is: Interaction): Loss[] {
  return [
    ...compareStates(was.states, is.states),
    ...(is.pending && !was.pending ? [pending] : []),
    ...compareRequests(was.request, is.request),
  ];
}

const pending: Loss = {
  rule: 'pending',
  path: '$.pending',
  sentence: 'The interaction is pending now, so that no provider fails by it.',
};

/** In other states it is another promise: with one more it is owed there alone, with one less nobody prepares what it was about. */
function compareStates(was: readonly State[], is: readonly State[]): Loss[] {
  const equal = (one: State) => (other: State) => isDeepStrictEqual(one, other);
  const rest = is.filter((state) => !was.some(equal(state)));
  const lost = was.flatMap((state, index) => {
    if (is.some(equal(state))) return [];
    const at = rest.findIndex(({ name }) => name === state.name);
    const [now] = at < 0 ? [] : rest.splice(at, 1);
    if (now) return compareParams(state, now, pathOf(index));
    return [lostState(index, `The state "${state.name}" is given no more.`)];
  });
  const more = rest.map((state) =>
    lostState(is.indexOf(state), `The state "${state.name}" is new: without it, nothing is promised any more.`),
  );
  return [...lost, ...more];
}

function lostState(index: number, sentence: string): Loss {
  return { rule: 'state', path: pathOf(index), sentence };
}

function pathOf(index: number): string {
  return `$.providerStates[${index}]`;
}

function compareParams(was: State, is: State, path: string): Loss[] {
  const names = [...new Set([...Object.keys(was.params), ...Object.keys(is.params)])];
  return names
    .filter((name) => !isDeepStrictEqual(was.params[name], is.params[name]))
    .map((name) => ({
      rule: 'state',
      path: `${path}.params${writePath([name])}`,
      sentence: `The parameter "${name}" of the state "${was.name}" is ${changeOf(name, was, is)}.`,
    }));
}

function changeOf(name: string, was: State, is: State): string {
  if (!(name in is.params)) return 'given no more';
  return name in was.params ? 'another one now' : 'new: without it, nothing is promised any more';
}
