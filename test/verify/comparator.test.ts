// Pact's comparator as a test of the proof: what the comparator refuses, the proof must not call kept.
import { describe, expect, test } from '@jest/globals';
import { readApi } from '../../src/openapi/api.ts';
import type { OpenApiDocument } from '../../src/openapi/document.ts';
import { interactionName, type Contract } from '../../src/pact/model.ts';
import { readContracts } from '../../src/pact/read-contract.ts';
import { checkGuarantees } from '../../src/verify/guarantee/check-guarantees.ts';
import { mutantsOf } from '../../src/verify/mutation/mutation-testing.ts';
import { subjectOf } from '../../src/verify/mutation/targets.ts';
import { comparatorFor } from '../support/comparator.ts';
import { contractOf, ferriesWith, kept, set } from './guarantee/ferries.ts';
import { isLong } from '../support/runs.ts';

interface Comparison {
  /** Interactions that both refuse. */
  both: string[];
  /** What the comparator says against interactions that the proof calls kept. */
  comparatorAlone: string[];
  /** Interactions that the proof alone refuses. */
  proofAlone: string[];
}

async function compare(document: OpenApiDocument, contracts: readonly Contract[]): Promise<Comparison> {
  return comparisonOf(document, contracts, await Promise.all(contracts.map(comparatorFor(document))));
}

function comparisonOf(
  document: OpenApiDocument,
  contracts: readonly Contract[],
  refused: readonly Map<string, string[]>[],
): Comparison {
  const compared: Comparison = { both: [], comparatorAlone: [], proofAlone: [] };
  const verdicts = checkGuarantees(document, contracts);
  for (const [index, contract] of contracts.entries()) {
    for (const name of contract.interactions.map(interactionName)) {
      const here = verdicts.filter(({ contract: file, interaction }) => file === contract.file && interaction === name);
      const complaints = refused[index]?.get(name) ?? [];
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

  (isLong ? test : test.skip)(
    'agree on what the comparator refuses, whichever operator changes the specification',
    async () => {
      const mutants = mutantsOf(subjectOf(await readApi(file))).filter(({ specification }) => specification);
      const firstOfEach = new Map(mutants.toReversed().map((mutant) => [mutant.operator, mutant]));
      const found: Pick<Comparison, 'both' | 'comparatorAlone'> = { both: [], comparatorAlone: [] };
      for (const { id, specification } of firstOfEach.values()) {
        if (!specification) continue;
        const refused = await Promise.all(contracts.map(comparatorFor(specification)));
        // What the comparator takes, the proof may refuse.
        if (refused.every(({ size }) => size === 0)) continue;
        const { both, comparatorAlone } = comparisonOf(specification, contracts, refused);
        found.both.push(...both);
        found.comparatorAlone.push(...comparatorAlone.map((complaint) => `${id}: ${complaint}`));
      }
      expect(found.comparatorAlone).toEqual([]);
      expect(found.both).not.toEqual([]);
    },
    60_000,
  );
});

test('the proof finds what the comparator, which demands no property, does not', async () => {
  const document = ferriesWith(set('/components/schemas/Sailing/required', ['id']));
  expect(await compare(document, [contractOf(kept)])).toEqual({ both: [], comparatorAlone: [], proofAlone: ['find'] });
});
