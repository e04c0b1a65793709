import type { Interaction, Message } from '../pact/model.ts';

/**
 * The check that judges: comparison with the contracts' past, lint of the specification, proof of contract against
 * specification, Pact's verifier, requests made from the specification.
 */
export type CheckName = 'weakening' | 'lint' | 'guarantee' | 'provider' | 'conformance';

/**
 * `holds`: proved. `broken`: disproved. `not verifiable`: could not be tried here, such as a provider state that a live
 * provider cannot set; never counted as `holds`. `unanswered`: the provider is unreachable or not working, which says
 * nothing about the contract.
 */
export type VerdictResult = 'holds' | 'broken' | 'not verifiable' | 'unanswered';

export const gravestFirst: readonly VerdictResult[] = ['broken', 'unanswered', 'not verifiable', 'holds'];

/** What one check says of one place. No verdict holds a secret, a token or a value from a live provider's answer. */
export interface Verdict {
  readonly net: CheckName;
  readonly result: VerdictResult;
  /** The contract's file as the user named it; absent where the verdict is about specification and provider alone. */
  readonly contract?: string;
  /** The interaction's description and states, as they stand in the contract. */
  readonly interaction?: string;
  /** `GET /path` of the operation in the specification. */
  readonly operation?: string;
  /** A JSON path from the contract's interaction, or from the exchange: `$.response.body.data[*].id`. */
  readonly place?: string;
  /** Where in the specification: a JSON pointer. */
  readonly pointer?: string;
  /** What is judged: `required`, `type`, `enum`, `token URL`, … */
  readonly rule: string;
  /** Why it does not count: it would be broken otherwise. */
  readonly excused?: 'pending' | 'accepted';
  /** How long the interaction took, on the first of its verdicts. */
  readonly milliseconds?: number;
  /** One sentence: what was found, what was expected, what to do. */
  readonly sentence: string;
}

/** Why an interaction is beyond what can be verified here, as a sentence. */
export function beyondHttp(interaction: Pick<Message, 'type'> | Pick<Interaction, 'plugins'>): string | undefined {
  if ('type' in interaction)
    return `This is an interaction of the type ${interaction.type}; only HTTP is verified here.`;
  const { plugins } = interaction;
  const many = plugins.length > 1 ? 'plugins' : 'plugin';
  return plugins.length > 0
    ? `The interaction needs the ${many} ${plugins.join(', ')} of Pact; none is run here.`
    : undefined;
}

/** What a check says of a pending interaction, which breaks nothing, and is no success. */
export function asPending<Judged extends Pick<Verdict, 'result' | 'sentence'>>(judged: Judged): Judged {
  if (judged.result !== 'broken') return judged;
  const sentence = `The interaction is pending. ${judged.sentence}`;
  return { ...judged, result: 'not verifiable', excused: 'pending', sentence };
}
