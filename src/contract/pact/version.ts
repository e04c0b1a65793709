import { Problem } from '../../util/errors.ts';
import { fieldsOf } from '../../pact/input.ts';

/**
 * The version of Pact's specification that a contract follows; writers differ in where they say it.
 * @throws Problem if it is none that the toolkit reads.
 */
export function readVersion(file: string, metadata: unknown): 2 | 3 | 4 {
  const fields = fieldsOf(metadata) ?? {};
  const found =
    fieldsOf(fields['pactSpecification'])?.['version'] ??
    fieldsOf(fields['pact-specification'])?.['version'] ??
    fields['pactSpecificationVersion'];
  const major = /^([234])(\.\d+)*$/.exec(String(found))?.[1];
  if (major === '2') return 2;
  if (major === '3') return 3;
  if (major === '4') return 4;
  throw new Problem({
    code: 'contract_unsupported',
    what: 'The contract follows no version of Pact that can be read.',
    where: file,
    facts: {
      expected: 'metadata.pactSpecification.version 2, 3 or 4',
      found: typeof found === 'string' || typeof found === 'number' ? String(found) : 'no version',
    },
    remedy: 'Have the tests of the consumer write version 2, 3 or 4.',
  });
}
