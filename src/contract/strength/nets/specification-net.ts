import type { OpenApiDocument } from '../../../openapi/document.ts';
import { Problem } from '../../../util/errors.ts';
import type { Net } from '../net.ts';

/** What is wrong with a specification, one sentence for each complaint. */
export type Complaints = (specification: OpenApiDocument) => Promise<readonly string[]> | readonly string[];

/**
 * A net that looks at specifications alone. What it has to complain of a mutant's specification kills the mutant; one that
 * the specification does not show survives.
 * @throws Problem if it complains of the specification as it is.
 */
export async function specificationNet(
  name: string,
  specification: OpenApiDocument,
  complaints: Complaints,
): Promise<Net> {
  const [complaint] = await complaints(specification);
  if (complaint !== undefined) {
    throw new Problem({
      code: 'baseline_failing',
      what: `The specification as it is does not pass ${name}, so that no mutant of it can be judged.`,
      facts: { complaint },
      remedy: 'Correct the specification or the contract, then run this again.',
    });
  }
  return {
    name,
    judge: async ({ specification: changed }) => {
      const [by] = changed ? await complaints(changed) : [];
      return by === undefined ? { result: 'survived' } : { result: 'killed', by };
    },
  };
}
