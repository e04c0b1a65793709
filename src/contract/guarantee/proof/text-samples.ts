import { findTexts } from '../../../matching/regex/find-text.ts';
import type { Branch } from '../../../verify/guarantee/proof/branches.ts';
import { stringsOf } from '../../../verify/guarantee/proof/text-languages.ts';

const formatExamples = [
  '2024-01-31',
  '2024-01-31T10:00:00Z',
  '2024-01-31T10:00:00.5+01:00',
  '10:00:00Z',
  'https://example.com/a',
  'urn:a:b',
  'a@example.com',
  'example.com',
  '127.0.0.1',
  '::1',
  'd9428888-122b-11e1-b85c-61cd3cbb3210',
  'YQ==',
  '/a',
];

/** Texts of a branch: the shortest ones, those that the specification names, and one of each format. */
export function textSamples(branch: Branch): string[] {
  const found = findTexts(stringsOf(branch), 4);
  const told = branch.parts.flatMap(({ schema: { example, examples, default: usual } }) => [
    example,
    usual,
    ...[examples].flat(),
  ]);
  return [
    ...(found.kind === 'texts' ? found.texts : []),
    ...told.filter((value) => typeof value === 'string'),
    ...formatExamples,
  ];
}
