import { isDeepStrictEqual } from 'node:util';
import { writePath } from '../../matching/compile.ts';
import { interactionName, type Contract, type Interaction, type State } from '../../pact/model.ts';
import { requestLosses } from './compare-requests.ts';
import { responseLosses } from './compare-responses.ts';
import { loss, type Loss, type Weakening } from './weakening.ts';

/**
 * What contracts required at their base and no longer require. Each interaction promises a response to a request in some
 * states. The promise is kept if an interaction of the same consumer and provider promises as much, under any name.
 */
export function findWeakenings(base: readonly Contract[], head: readonly Contract[]): Weakening[] {
  return base.flatMap(({ file, consumer, provider, interactions, messages }): Weakening[] => {
    const same = head.filter((each) => each.consumer === consumer && each.provider === provider);
    if (same.length === 0)
      return [{ file, rule: 'contract', sentence: `There is no longer a contract of ${consumer} with ${provider}.` }];
    const now = same.flatMap((contract) => contract.interactions);
    const known = new Set(same.flatMap((contract) => contract.messages).map(interactionName));
    return [
      ...interactions.flatMap((each) => lossesOf(each, now)),
      ...messages.filter((each) => !known.has(interactionName(each))).map(gone),
    ].map((each) => ({ file, ...each }));
  });
}

function lossesOf(was: Interaction, head: readonly Interaction[]): Omit<Weakening, 'file'>[] {
  const interaction = interactionName(was);
  const [fewest] = head
    .filter(({ description }) => description === was.description)
    .map((is) => [...compareOccasions(was, is), ...responseLosses(was.response, is.response)])
    .toSorted((one, other) => one.length - other.length);
  if (fewest?.length === 0 || head.some((is) => promisesAsMuch(was, is))) return [];
  return fewest?.map((each) => ({ interaction, ...each })) ?? [gone(was)];
}

function gone(was: Pick<Interaction, 'description' | 'states'>): Omit<Weakening, 'file'> {
  const sentence = 'The interaction was removed, and no other requires as much.';
  return { interaction: interactionName(was), rule: 'interaction', sentence };
}

function promisesAsMuch(was: Interaction, is: Interaction): boolean {
  // The occasions are compared first, since they are quick to tell most interactions apart.
  return compareOccasions(was, is).length === 0 && responseLosses(was.response, is.response).length === 0;
}

function compareOccasions(was: Interaction, is: Interaction): Loss[] {
  const pending = loss('pending', '$.pending', 'The interaction is now pending, so no provider fails because of it.');
  return [
    ...compareStates(was.states, is.states),
    ...(is.pending && !was.pending ? [pending] : []),
    ...requestLosses(was.request, is.request),
  ];
}

/** Other states make another promise: an extra state narrows it, and without one of them its data is not prepared. */
function compareStates(was: readonly State[], is: readonly State[]): Loss[] {
  const pathOf = (index: number): string => `$.providerStates[${index}]`;
  const equal = (one: State) => (other: State) => isDeepStrictEqual(one, other);
  const rest = is.filter((state) => !was.some(equal(state)));
  const lost = was.flatMap((state, index) => {
    if (is.some(equal(state))) return [];
    const at = rest.findIndex(({ name }) => name === state.name);
    const [now] = at < 0 ? [] : rest.splice(at, 1);
    if (now) return compareParams(state, now, pathOf(index));
    return [loss('state', pathOf(index), `The state "${state.name}" is no longer set.`)];
  });
  const more = rest.map((state) => {
    const sentence = `The state "${state.name}" is new: without it, the contract no longer requires anything.`;
    return loss('state', pathOf(is.indexOf(state)), sentence);
  });
  return [...lost, ...more];
}

function compareParams(was: State, is: State, path: string): Loss[] {
  const names = [...new Set([...Object.keys(was.params), ...Object.keys(is.params)])];
  return names
    .filter((name) => !isDeepStrictEqual(was.params[name], is.params[name]))
    .map((name) => {
      const sentence = `The parameter "${name}" of the state "${was.name}" ${changeOf(name, was, is)}.`;
      return loss('state', `${path}.params${writePath([name])}`, sentence);
    });
}

function changeOf(name: string, was: State, is: State): string {
  if (!(name in is.params)) return 'is no longer set';
  return name in was.params ? 'has changed' : 'is new: without it, the contract no longer requires anything';
}
