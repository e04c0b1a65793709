import { isDeepStrictEqual } from 'node:util';
import { writePath } from '../../matching/compile.ts';
import { interactionName, type Contract, type Interaction, type State } from '../../pact/model.ts';
import { requestLosses } from './compare-requests.ts';
import { responseLosses } from './compare-responses.ts';
import { loss, type Loss, type Weakening } from './weakening.ts';

/**
 * What contracts required at their base and no longer require. Each interaction is a promise: in these states, for this request,
 * this response. It is kept where an interaction of the same consumer and provider promises at least as much, under any name.
 */
export function findWeakenings(base: readonly Contract[], head: readonly Contract[]): Weakening[] {
  const weakenings: Weakening[] = [];
  for (const contract of base) {
    const now = head.filter(
      ({ consumer, provider }) => consumer === contract.consumer && provider === contract.provider,
    );
    if (now.length === 0) weakenings.push(goneContract(contract));
    else weakenings.push(...lostIn(contract, now));
  }
  return weakenings;
}

function lostIn({ file, interactions, messages }: Contract, head: readonly Contract[]): Weakening[] {
  const now = head.flatMap((contract) => contract.interactions);
  const known = new Set(head.flatMap((contract) => contract.messages).map(interactionName));
  return [
    ...interactions.flatMap((each) => lossesOf(each, now).map((loss) => ({ file, ...loss }))),
    ...messages.filter((each) => !known.has(interactionName(each))).map((each) => ({ file, ...gone(each) })),
  ];
}

function lossesOf(was: Interaction, head: readonly Interaction[]): Omit<Weakening, 'file'>[] {
  const interaction = interactionName(was);
  const sameName = head.filter(({ description }) => description === was.description);
  const compared = sameName
    .map((is) => compareInteractions(was, is))
    .toSorted((one, other) => one.length - other.length);
  const [fewest] = compared;
  if (fewest?.length === 0 || head.some((is) => promisesAsMuch(was, is))) return [];
  return fewest?.map((loss) => ({ interaction, ...loss })) ?? [gone(was)];
}

function gone(was: Pick<Interaction, 'description' | 'states'>): Omit<Weakening, 'file'> {
  return {
    interaction: interactionName(was),
    rule: 'interaction',
    sentence: 'The interaction was removed, and no other requires as much.',
  };
}

function goneContract({ file, consumer, provider }: Contract): Weakening {
  return { file, rule: 'contract', sentence: `There is no longer a contract of ${consumer} with ${provider}.` };
}

/** What an interaction promised and another one does not. */
function compareInteractions(was: Interaction, is: Interaction): Loss[] {
  return [...compareOccasions(was, is), ...responseLosses(was.response, is.response)];
}

/** Whether another interaction promises all that one promised. */
function promisesAsMuch(was: Interaction, is: Interaction): boolean {
  // Of most interactions it takes less time to say that they are about something else.
  return compareOccasions(was, is).length === 0 && responseLosses(was.response, is.response).length === 0;
}

/** The states and the request of the promise. */
function compareOccasions(was: Interaction, is: Interaction): Loss[] {
  return [
    ...compareStates(was.states, is.states),
    ...(is.pending && !was.pending
      ? [loss('pending', '$.pending', 'The interaction is now pending, so no provider fails because of it.')]
      : []),
    ...requestLosses(was.request, is.request),
  ];
}

/** Other states make another promise: an extra state narrows it, and without one of them its data is not prepared. */
function compareStates(was: readonly State[], is: readonly State[]): Loss[] {
  const equal = (one: State) => (other: State) => isDeepStrictEqual(one, other);
  const rest = is.filter((state) => !was.some(equal(state)));
  const lost = was.flatMap((state, index) => {
    if (is.some(equal(state))) return [];
    const at = rest.findIndex(({ name }) => name === state.name);
    const [now] = at < 0 ? [] : rest.splice(at, 1);
    if (now) return compareParams(state, now, pathOf(index));
    return [loss('state', pathOf(index), `The state "${state.name}" is no longer set.`)];
  });
  const more = rest.map((state) =>
    loss(
      'state',
      pathOf(is.indexOf(state)),
      `The state "${state.name}" is new: without it, the contract no longer requires anything.`,
    ),
  );
  return [...lost, ...more];
}

function pathOf(index: number): string {
  return `$.providerStates[${index}]`;
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
