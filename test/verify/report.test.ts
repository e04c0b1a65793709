// What the reports of a verification say, and in which order.
import { describe, expect, test } from '@jest/globals';
import { workflowCommands } from '../../src/report/github.ts';
import { terminal, verdictAnnotations, verifyFormats } from '../../src/verify/report/formats.ts';
import type { Report } from '../../src/verify/report/report.ts';
import { asPending, type Verdict } from '../../src/verify/verdict.ts';

const at = (interaction: string, place: string, more: Partial<Verdict> = {}): Verdict => ({
  net: 'provider',
  result: 'broken',
  contract: 'a.json',
  interaction,
  place,
  rule: 'type',
  sentence: 'The answer has a string.',
  ...more,
});

const verdicts: Verdict[] = [
  at('first', '$.response.body.a', { sentence: 'A body.' }),
  at('first', '$.response.status', { sentence: 'A status.', milliseconds: 12 }),
  at('first', '$.response.headers.Vary', { result: 'holds', sentence: 'Fine.' }),
  at('second', '$.response.body.a'),
  at('second', '$.response.body.b'),
  at('second', '$.response.body.b', { rule: 'type' }),
  asPending(at('third', '$.response.body.a', { sentence: 'Later.' })),
];

const report: Report = {
  spec: 'api.yaml',
  provider: 'the mock',
  contracts: ['a.json'],
  used: 'Used: api.yaml.',
  run: { date: '2026-01-31T10:00:00.000Z', version: '1.2.3', commit: 'abc1234', command: 'arzamed verify' },
  milliseconds: 1500,
  verdicts,
  coverage: [],
};

const rendered = (ending: string): string => verifyFormats[ending]?.(report) ?? '';

describe('every report', () => {
  test.each(['.html', '.md'])(
    'has the status before the body, and what does not hold before the matrix: %s',
    (ending) => {
      const text = rendered(ending);
      const places = ['What does not hold', 'A status', 'A body', 'Who says what'].map((each) => text.indexOf(each));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places[0]).toBeGreaterThan(0);
    },
  );

  test.each(['.html', '.md'])('names date, version, commit and command, and explains its words: %s', (ending) => {
    const text = rendered(ending).replaceAll('\\', '');
    expect(text).toContain('arzamed verify, on 2026-01-31T10:00:00.000Z at commit abc1234, arzamed-devkit 1.2.3.');
    expect(text).toContain('of a pending interaction');
    expect(text).toContain('Correct the provider, or the contract where it demands too much.');
  });

  test('says one cause once, with each place', () => {
    const text = terminal(report);
    expect(text.match(/The answer has a string/g)).toHaveLength(1);
    expect(text).toContain('  a.json: second, $.response.body.a\n  a.json: second, $.response.body.b\n');
  });

  test('has one word for one result', () => {
    expect(terminal(report)).toMatch(/1 contract, api\.yaml, the mock: 1 hold, 5 broken, 1 pending, in 1\.5 s\.\n$/);
    expect(terminal(report)).toMatch(/^ {2}pending +third$/m);
  });
});

test('a cell of the page counts what it says', () => {
  expect(rendered('.html')).toContain('<td class="broken" data-check="provider">broken <small>2</small></td>');
});

test('annotations are at the line of each finding, ten of a level, and count the others', () => {
  const many = { ...report, verdicts: [...verdicts, ...verdicts, ...verdicts] };
  const lines = workflowCommands(
    'arzamed verify',
    verdictAnnotations(many, () => 'contracts/a.json:7'),
  ).split('\n');
  expect(lines[0]).toBe('::group::arzamed verify: 15 errors, 3 notices');
  expect(lines[1]).toBe(
    '::error file=contracts/a.json,line=7,title=arzamed verify%3A provider%3A type::a.json: first, $.response.body.a: ' +
      'A body. Correct the provider, or the contract where it demands too much.',
  );
  expect(lines.slice(-4)).toEqual([
    expect.stringMatching(/^::notice file=.*The interaction is pending\. Later\.$/),
    'Not annotated, since GitHub shows 10 of each: 5 errors',
    '::endgroup::',
    '',
  ]);
  expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
});

describe('JUnit', () => {
  test('has each name once, with times, and the finding as text', () => {
    const xml = rendered('.xml');
    const names = [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(([, ...each]) => each.join());
    expect(new Set(names).size).toBe(verdicts.length);
    expect(xml).toContain(
      'time="0.012"><failure message="A status.">A status. type at a.json: first, $.response.status',
    );
    expect(xml).toContain('time="1.500" timestamp="2026-01-31T10:00:00">');
  });
});
