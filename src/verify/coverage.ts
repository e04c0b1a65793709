import type { Api } from '../openapi/api.ts';
import { interactionName, type Contract, type Interaction } from '../pact/model.ts';
import { operationName, type Operation } from '../openapi/operations.ts';
import { documentedStatus } from '../openapi/responses.ts';
import { isFields } from '../util/json.ts';
import { everyItem, showPlace } from './mutation/json.ts';
import { subjectOf } from './mutation/targets.ts';

export interface AnswerCoverage {
  operation: string;
  /** `200`, `4XX` or `default`. */
  status: string;
  interactions: string[];
  /** The places of its body, `$[*].name`, and whether an interaction expects something there. */
  fields: { place: string; expected: boolean }[];
}

/** Which documented answers, and which places of their bodies, the contracts look at. */
export function coverageOf(api: Api, contracts: readonly Contract[]): AnswerCoverage[] {
  const { answers, fields } = subjectOf(api);
  const expecting = Map.groupBy(
    contracts.flatMap(({ interactions }) => interactions),
    (interaction) => expectedAnswer(api, interaction),
  );
  const placesOf = Map.groupBy(fields, ({ answer }) => answer);
  return answers.map((answer) => {
    const own = expecting.get(keyOf(answer.operation, answer.status)) ?? [];
    const places = (placesOf.get(answer) ?? []).filter(({ data }) => data.length > 0);
    return {
      operation: operationName(answer.operation),
      status: answer.status,
      interactions: own.map(interactionName),
      fields: places.map(({ data }) => ({
        place: showPlace(data),
        expected: own.some(({ response: { body } }) => body.kind === 'json' && mentions(body.value, data)),
      })),
    };
  });
}

/** The documented answer that an interaction expects; undefined where there is none. */
function expectedAnswer({ finder }: Api, { request, response }: Interaction): string | undefined {
  const found = finder.find(request.method, request.path, request.query);
  if (found.kind !== 'operation') return undefined;
  const status = documentedStatus(found.operation.statuses, response.status);
  return status === undefined ? undefined : keyOf(found.operation, status);
}

function keyOf(operation: Operation, status: string): string {
  return `${operationName(operation)} ${status}`;
}

/** Whether a value has anything at the end of a way: `['*', 'name']`, where `*` stands for any item of an array. */
function mentions(value: unknown, way: readonly string[]): boolean {
  const [step, ...rest] = way;
  if (step === undefined) return true;
  if (Array.isArray(value)) return step === everyItem && value.some((item) => mentions(item, rest));
  return isFields(value) && Object.hasOwn(value, step) && mentions(value[step], rest);
}
