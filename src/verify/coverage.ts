import type { Api } from '../openapi/api.ts';
import { findOperation } from '../contract/guarantee/operation/find-operation.ts';
import type { Contract, Interaction } from '../pact/model.ts';
import { interactionName } from '../contract/pact/interaction-name.ts';
import { documentedStatus, type AnswerPlace } from '../contract/strength/answer-place.ts';
import { subjectOf } from './mutation/targets.ts';
import { mentions } from '../contract/covered/mentions.ts';

/** What contracts say of one answer that the specification documents. */
export interface AnswerCoverage {
  /** `GET /things` */
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
      operation: `${answer.operation.method.toUpperCase()} ${answer.operation.path}`,
      status: answer.status,
      interactions: own.map(interactionName),
      fields: places.map(({ data }) => ({
        place: ['$', ...data].map((step, index) => (step === '*' ? '[*]' : index === 0 ? step : `.${step}`)).join(''),
        expected: own.some(({ response: { body } }) => body.kind === 'json' && mentions(body.value, data)),
      })),
    };
  });
}

function expects({ document }: Api, { request, response }: Interaction, { operation, status }: AnswerPlace): boolean {
  const found = findOperation(document, request.method, request.path);
  if (found.kind !== 'operation') return false;
  const { method, path } = found.operation;
  if (method !== operation.method || path !== operation.path) return false;
  return documentedStatus(operation.statuses, response.status) === status;
}
