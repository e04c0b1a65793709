// Pact's comparator against the proof: what it refuses, the proof must not call kept.
import { describe, expect, test } from '@jest/globals';
import { readApi } from '../../src/openapi/api.ts';
import type { OpenApiDocument } from '../../src/openapi/document.ts';
import { interactionName, type Contract } from '../../src/pact/model.ts';
import { readContracts } from '../../src/pact/read-contract.ts';
import { checkGuarantees } from '../../src/verify/guarantee/check-guarantees.ts';
import { mutantsOf } from '../../src/verify/mutation/mutation-testing.ts';
import { subjectOf } from '../../src/verify/mutation/targets.ts';
import { refusedByComparator } from '../support/comparator.ts';
import { contractOf, ferriesWith, kept, set } from './guarantee/ferries.ts';

interface Comparison {
  /** Interactions that both refuse. */
  both: string[];
  /** What the comparator refuses of interactions that the proof says are kept. */
  comparatorAlone: string[];
  /** Interactions that the proof alone refuses. */
  proofAlone: string[];
}

async function compare(document: OpenApiDocument, contracts: readonly Contract[]): Promise<Comparison> {
  const compared: Comparison = { both: [], comparatorAlone: [], proofAlone: [] };
  const verdicts = checkGuarantees(document, contracts);
  for (const contract of contracts) {
    const refused = await refusedByComparator(document, contract);
    for (const name of contract.interactions.map(interactionName)) {
      const here = verdicts.filter(({ contract: file, interaction }) => file === contract.file && interaction === name);
      const complaints = refused.get(name) ?? [];
      if (here.every(({ result }) => result === 'holds'))
        compared.comparatorAlone.push(...complaints.map((complaint) => `${name}: ${complaint}`));
      else (complaints.length > 0 ? compared.both : compared.proofAlone).push(name);
    }
  }
  return compared;
}

const apis: [file: string, contracts: readonly Contract[]][] = [
  ['openapi/arzamed.yaml', await readContracts('contracts')],
  ['test/other-api/ferries.yaml', [contractOf(kept)]],
];

describe.each(apis)("Pact's comparator and the proof, on %s", (file, contracts) => {
  test('find no gap in the contracts', async () => {
    const { document } = await readApi(file);
    expect(await compare(document, contracts)).toEqual({ both: [], comparatorAlone: [], proofAlone: [] });
  });

  test('never differ so that the comparator alone finds a gap, whatever changes in the specification', async () => {
    const found: Comparison = { both: [], comparatorAlone: [], proofAlone: [] };
    for (const { id, specification } of mutantsOf(subjectOf(await readApi(file)))) {
      if (!specification) continue;
      const { both, comparatorAlone, proofAlone } = await compare(specification, contracts);
      found.both.push(...both);
      found.comparatorAlone.push(...comparatorAlone.map((complaint) => `${id}: ${complaint}`));
      found.proofAlone.push(...proofAlone);
    }
    console.log(found.both.length, found.proofAlone.length, mutantsOf(subjectOf(await readApi(file))).length);
    expect(found.comparatorAlone).toEqual([]);
    expect(found.both).not.toEqual([]);
  });
});

test('the proof finds what the comparator, which demands no property, does not', async () => {
  const document = ferriesWith(set('/components/schemas/Sailing/required', ['id']));
  expect(await compare(document, [contractOf(kept)])).toEqual({ both: [], comparatorAlone: [], proofAlone: ['find'] });
});
