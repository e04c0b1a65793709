import { printable, visible } from './terminal.ts';

/** Identifies a kind of problem for programs. */
export type ProblemCode =
  | 'spec_missing'
  | 'store_unusable'
  | 'spec_unreadable'
  | 'spec_invalid'
  | 'spec_unsupported'
  | 'reference_unresolved'
  | 'clinics_missing'
  | 'states_invalid'
  | 'scenario_invalid'
  | 'clinic_unreadable'
  | 'clinic_invalid'
  | 'clinic_duplicate'
  | 'key_duplicate'
  | 'fixture_invalid'
  | 'public_url_unusable'
  | 'control_token_unusable'
  | 'signing_key_unusable'
  | 'mock_unreachable'
  | 'mock_refuses'
  | 'address_in_use'
  | 'address_unavailable'
  | 'generated_drift'
  | 'generator_missing'
  | 'types_impossible'
  | 'file_foreign'
  | 'file_unwritable'
  | 'baseline_failing'
  | 'credentials_missing'
  | 'credentials_refused'
  | 'broker_unusable'
  | 'verifier_missing'
  | 'folder_not_private'
  | 'command_not_found'
  | 'command_not_executable'
  | 'option_invalid'
  | 'contracts_missing'
  | 'contract_unreadable'
  | 'contract_invalid'
  | 'contract_unsupported'
  | 'contract_empty'
  | 'allowances_unreadable'
  | 'allowances_invalid'
  | 'revision_missing';

interface ProblemDetails {
  code: ProblemCode;
  /** One sentence: what happened. */
  what: string;
  /** Where: a file with its line, a URL, an address. */
  where?: string | undefined;
  /** Further facts, in the order in which they are to be read, such as the clinic, the JSON path, what was expected. */
  facts?: Record<string, string | undefined>;
  /** One sentence: what to do now. */
  remedy: string;
}

/**
 * A mistake that the user can correct, such as a missing file or a port in use. Its message is to be printed as it is,
 * without a stack trace.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly where: string | undefined;

  constructor({ code, what, where, facts = {}, remedy }: ProblemDetails, options?: ErrorOptions) {
    const lines = [visible(where === undefined ? what : `${where}: ${what}`)];
    const known = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined);
    const width = Math.max(0, ...known.map(([label]) => label.length));
    for (const [label, value] of known) lines.push(visible(`  ${label.padEnd(width)}  ${value}`));
    lines.push(remedy);
    super(lines.join('\n'), options);
    this.code = code;
    this.where = where;
  }
}

/** More warnings than a person reads are counted. */
const mostWarnings = 10;

/** Warnings as the commands print them to stderr, a line each. */
export function warningLines(warnings: readonly string[]): string {
  const shown = warnings.slice(0, mostWarnings).map((each) => `arzamed: warning: ${each}`);
  const more = warnings.length - shown.length;
  return printable(more > 0 ? [...shown, `arzamed: ${more} more warnings like these.`] : shown);
}

// In Jest, errors of Node fail `instanceof Error`, since modules run in a separate realm: read the properties instead.

export function codeOf(thrown: unknown): string | undefined {
  return textOf(read(thrown, 'code'));
}

export function statusOf(thrown: unknown): number | undefined {
  const status = read(thrown, 'status');
  return typeof status === 'number' ? status : undefined;
}

/** The `limit` in bytes of an error that says that something is too large. */
export function limitOf(thrown: unknown): number {
  return Number(read(thrown, 'limit') ?? 0);
}

export function nameOf(thrown: unknown): string | undefined {
  return textOf(read(thrown, 'name'));
}

export function messageOf(thrown: unknown): string {
  return String(read(thrown, 'message') ?? thrown);
}

/** The result of an action, or undefined if it throws. */
export function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function read(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined;
}

/** A text of so many characters at most, its end marked as left out. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}…` : text;
}
