import type { OpenApiDocument } from '../../openapi/document.ts';
import type { Contract } from '../../pact/model.ts';
import type { Change } from '../../diff/change.ts';
import { diffSpecifications } from '../../diff/diff.ts';
import { impactOf, type Impact } from '../../diff/impact.ts';

/** What `arzamed diff` tells. */
export interface DiffReport {
  /** The specifications, as the user named them. */
  before: string;
  after: string;
  /** What the next version of the specification should count up (semver.org). */
  advice: 'major' | 'minor' | 'patch' | 'none';
  changes: (Change & { impact?: Impact })[];
}

interface Named {
  name: string;
  document: OpenApiDocument;
}

/** Compares two specifications, and says of each breaking change whom it touches. */
export function reportDiff(before: Named, after: Named, contracts: readonly Contract[]): DiffReport {
  const changes = diffSpecifications(before.document, after.document).map((change) =>
    change.severity === 'breaking' ? { ...change, impact: impactOf(change, before.document, contracts) } : change,
  );
  return { before: before.name, after: after.name, advice: adviceFor(changes, before, after), changes };
}

function adviceFor(changes: readonly Change[], before: Named, after: Named): DiffReport['advice'] {
  if (changes.some(({ severity }) => severity === 'breaking')) return 'major';
  if (changes.length > 0) return 'minor';
  return JSON.stringify(before.document) === JSON.stringify(after.document) ? 'none' : 'patch';
}
