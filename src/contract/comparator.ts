import type { OpenApiDocument, PathItem } from '../spec/document.ts';
import { serverUrl } from '../spec/server.ts';
import { messageOf } from '../spec/thrown.ts';
import { loadComparator, type ComparatorPackage } from './load-comparator.ts';
import type { Contract, Interaction } from './pact/contract.ts';
import { fieldsOf } from './pact/fields.ts';
import { interactionName } from './pact/interaction-name.ts';
import type { Verdict } from './verdict.ts';

/** A complaint of the comparator. */
interface Complaint {
  index: number;
  place: string | undefined;
  code: string;
  message: string;
}

/**
 * Asks @pactflow/openapi-pact-comparator for its opinion beside ours. It looks at the examples of the contracts alone, demands
 * no property, and passes OAuth 2 over; what it refuses and the proof does not is said to be open, and what the proof refuses
 * and it does not is said as well. Where the comparator is not installed, that is `not verifiable`.
 * @param proved what `checkGuarantees()` says of the same specification and contracts.
 * @param places see `loadTool()`.
 */
export async function compareBySecondVoice(
  specification: OpenApiDocument,
  contracts: readonly Contract[],
  proved: readonly Verdict[],
  places?: readonly string[],
): Promise<Verdict[]> {
  const loaded = loadComparator(places);
  if ('missing' in loaded)
    return [{ net: 'comparator', result: 'not verifiable', rule: 'comparator', sentence: loaded.missing }];
  const verdicts: Verdict[] = [];
  for (const contract of contracts) {
    const complaints = await listen(loaded.tool, specification, contract);
    for (const interaction of contract.interactions) verdicts.push(...judge(contract, interaction, complaints, proved));
  }
  return verdicts;
}

function judge(
  contract: Contract,
  interaction: Interaction,
  complaints: readonly Complaint[] | string,
  proved: readonly Verdict[],
): Verdict[] {
  const base = {
    net: 'comparator',
    contract: contract.file,
    interaction: interactionName(interaction),
    rule: 'comparison',
  } as const;
  if (typeof complaints === 'string')
    return [{ ...base, result: 'not verifiable', sentence: `The comparator could not run: ${complaints}` }];
  const here = proved.filter(
    (verdict) => verdict.contract === base.contract && verdict.interaction === base.interaction,
  );
  const gaps = here.filter(({ result }) => result === 'broken');
  const own = complaints.filter(({ index }) => index === interaction.index);
  if (own.length === 0) {
    const sentence =
      gaps.length === 0
        ? 'The comparator finds no gap, as the proof does.'
        : `The comparator finds no gap, and the proof finds ${gaps.length}: the comparator looks at examples alone.`;
    return [{ ...base, result: 'holds', sentence }];
  }
  return own.map(({ place, code, message }) => {
    const more = place === undefined ? {} : { place };
    if (gaps.length > 0)
      return { ...base, ...more, result: 'broken', sentence: `The comparator says ${code}: ${message}.` };
    const sentence = `The comparator says ${code}: ${message}. The proof finds no gap in this interaction, so one of them is wrong.`;
    return { ...base, ...more, result: 'not verifiable', sentence };
  });
}

/** What the comparator complains of, or why it could not run. */
async function listen(
  { Comparator }: ComparatorPackage,
  specification: OpenApiDocument,
  { content }: Contract,
): Promise<Complaint[] | string> {
  const complaints: Complaint[] = [];
  try {
    const comparator = new Comparator({ oas: withServerPaths(specification) });
    for await (const result of comparator.compare(structuredClone(content))) complaints.push(...readComplaint(result));
  } catch (error) {
    return messageOf(error).split('\n')[0] ?? '';
  }
  return complaints;
}

function readComplaint(result: unknown): Complaint[] {
  const { type, code, message, mockDetails } = fieldsOf(result) ?? {};
  const location = fieldsOf(mockDetails)?.['location'];
  const [, index, place] = /^\[root\]\.interactions\[(\d+)\](.*)$/s.exec(String(location)) ?? [];
  if (type !== 'error' || index === undefined) return [];
  return [
    { index: Number(index), place: place ? `$${place}` : undefined, code: String(code), message: String(message) },
  ];
}

/** The comparator does not look at servers, so the paths of all of them go in front of each path, beside the path alone. */
function withServerPaths({ servers, paths = {}, ...rest }: OpenApiDocument): object {
  const whole: [string, PathItem][] = Object.entries(paths).flatMap(([path, item]) => {
    const prefixes = (item.servers ?? servers ?? []).map((server) => serverUrl([server]).pathname.replace(/\/$/, ''));
    return [...new Set([...prefixes, ''])].map((prefix): [string, PathItem] => [prefix + path, item]);
  });
  return structuredClone({ ...rest, paths: Object.fromEntries(whole.toReversed()) });
}
