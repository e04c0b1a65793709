import type { Api } from '../openapi/api.ts';
import { interactionName, type Contract, type Interaction } from '../pact/model.ts';
import { operationName } from '../openapi/operations.ts';
import { documentedStatus } from '../openapi/responses.ts';
import { isFields } from '../util/json.ts';
import { everyItem, showPlace } from './mutation/json.ts';
import { subjectOf, type AnswerPlace } from './mutation/targets.ts';

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
  const all = contracts.flatMap(({ interactions }) => interactions);
  return answers.map((answer) => {
    const own = all.filter((interaction) => expects(api, interaction, answer));
    const places = fields.filter((field) => field.answer === answer && field.data.length > 0);
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

function expects({ finder }: Api, { request, response }: Interaction, { operation, status }: AnswerPlace): boolean {
  const found = finder.find(request.method, request.path, request.query);
  if (found.kind !== 'operation') return false;
  const { method, path } = found.operation;
  if (method !== operation.method || path !== operation.path) return false;
  return documentedStatus(operation.statuses, response.status) === status;
}

/** Whether a value has anything at the end of a way: `['*', 'name']`, where `*` stands for any item of an array. */
function mentions(value: unknown, way: readonly string[]): boolean {
  const [step, ...rest] = way;
  if (step === undefined) return true;
  if (Array.isArray(value)) return step === everyItem && value.some((item) => mentions(item, rest));
  return isFields(value) && Object.hasOwn(value, step) && mentions(value[step], rest);
}
