// What documents, contracts and requests contain reaches terminals, logs, pages and tables as text, and as nothing else.
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { changeAnnotations, text } from '../../src/diff/formats.ts';
import { workflowCommands } from '../../src/report/github.ts';
import { junit } from '../../src/report/junit.ts';
import { cell, escapeHtml } from '../../src/report/page.ts';
import { sarif } from '../../src/report/sarif.ts';
import { Problem, warningLines } from '../../src/util/errors.ts';
import { printable, printableJson, visible } from '../../src/util/terminal.ts';
import { xmlLeaves } from '../../src/util/xml.ts';
import { runs } from '../support/runs.ts';

/** Texts of anything, with much of what is dangerous somewhere. */
const hostile = array(
  oneof(
    constantFrom(
      '\n::error::x',
      '::add-mask::',
      '##[error]',
      '##vso[task.debug]',
      '%0A::error::x',
      ',title=x',
      ': ',
      '\u001B[31m',
      '\u001B]0;t\u0007',
      '\u009B2J',
      '\u202E',
      '\u2028',
      '\r',
      '\t',
      '<script>',
      '&',
      '"',
      '|',
      '=1+1',
      '@x',
      '-',
      '[a](b)',
      ' ',
    ),
    string({ unit: 'binary', maxLength: 3 }),
  ),
  { maxLength: 6 },
).map((parts) => parts.join(''));

const acting = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;
const command = /^\s*(?:::|##)|##(?:vso)?\[/;

function holds(check: (value: string) => void): void {
  assert(property(hostile, check), { numRuns: runs(100, 1000) });
}

/** Checks the number of lines, and that no line controls a terminal or a log. */
function expectLines(output: string, count: number): void {
  const lines = output.replace(/\n$/, '').split('\n');
  expect(lines).toHaveLength(count);
  for (const line of lines) {
    expect(line).not.toMatch(acting);
    expect(line).not.toMatch(command);
    expect(stripVTControlCharacters(line)).toBe(line);
  }
}

describe('whatever a text contains', () => {
  test('a line for a terminal is one line, and no command of a log', () => {
    holds((value) => expectLines(printable([value, `  ${value}`, 'a']), 3));
  });

  test('a warning is one line', () => {
    holds((value) => expectLines(warningLines([value]), 1));
  });

  test('a problem has the lines that it would have anyway', () => {
    holds((value) => {
      const details = {
        code: 'option_invalid',
        what: value,
        where: value,
        facts: { found: value },
        remedy: 'R.',
      } as const;
      expectLines(printable(new Problem(details).message.split('\n')), 3);
    });
  });

  test('JSON stays what it was, and acts on no terminal', () => {
    holds((value) => {
      const json = printableJson({ [value]: [value] });
      expect(JSON.parse(json)).toEqual({ [value]: [value] });
      for (const line of json.trimEnd().split('\n')) expect(line).not.toMatch(acting);
      expect(json).not.toMatch(/##(?:vso)?\[/);
    });
  });

  test('an annotation is one command with the properties that it would have anyway, and says the text', () => {
    holds((value) => {
      const found = {
        level: 'error',
        rule: value,
        message: value,
        where: `a${value.replaceAll('/', '')}.json:7`,
      } as const;
      const lines = workflowCommands('arzamed verify', [found]).trimEnd().split('\n');
      expect(lines).toHaveLength(3);
      const [, file, title, message] =
        /^::error file=([^:,]*),line=7,title=([^:,]*)::(.*)$/u.exec(lines[1] ?? '') ?? [];
      const plain = (escaped = ''): string => decodeURIComponent(escaped.replaceAll(/%(?!25|3A|2C)/g, '%25'));
      expect(plain(title)).toBe(`arzamed verify: ${visible(value)}`);
      expect(plain(message)).toBe(visible(value));
      expect(plain(file)).toBe(`a${visible(value.replaceAll('/', ''))}.json`);
      for (const line of lines) expect(line).not.toMatch(acting);
    });
  });

  test('SARIF has it as text, and as a file of the repository', () => {
    holds((value) => {
      const where = `a${value.replaceAll('/', '')}.json:7`;
      const report = sarif('arzamed diff', [{ level: 'notice', rule: 'a', message: value, where }]);
      const [result] = JSON.parse(report).runs[0].results;
      expect(result).toMatchObject({ level: 'note', message: { text: value } });
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(region).toEqual({ startLine: 7 });
      expect(artifactLocation.uri).toMatch(/^(?:[\w.!~*'()-]|%[\dA-F]{2})+$/);
    });
  });

  test('a page has it as text', () => {
    holds((value) => {
      const html = escapeHtml(value);
      expect(html).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      expect(html).not.toMatch(acting);
    });
  });

  test('a report of JUnit is well-formed, and says it', () => {
    holds((value) => {
      const trouble = { kind: 'failure', message: value, details: value } as const;
      const xml = junit({
        name: 'a',
        milliseconds: 1,
        date: '2026-01-01T00:00:00.000Z',
        cases: [{ className: 'b', name: value, milliseconds: 1, trouble }],
      });
      const name = escapeHtml(value).replaceAll(/[\p{Cs}\uFFFE\uFFFF]/gu, '?');
      expect(xml).toContain(`<testcase classname="b" name="${name}" time="0.001"><failure message="${name}">`);
      expect(xmlLeaves(xml)).toBeDefined();
      expect(xml.split('\n')).toHaveLength(7);
    });
  });

  test('a cell of Markdown has no markup, no further cell and no formula', () => {
    holds((value) => {
      const shown = cell(value);
      expect(shown.replaceAll(/\\./g, '')).not.toMatch(/[`*_{}[\]<>()#|~]/);
      expect(shown).not.toMatch(/^[=+@-]/);
      expect(shown).not.toMatch(acting);
    });
  });

  test('the report of arzamed diff has its own lines, and its annotations theirs', () => {
    holds((value) => {
      const change = { severity: 'breaking', rule: 'a', operation: value, place: value, sentence: value } as const;
      const report = { before: value, after: value, changes: [change], advice: 'major' } as const;
      const changes = [{ ...change, part: 'response' as const, status: '200' }];
      expectLines(text({ ...report, changes }), 4);
      const annotations = workflowCommands(
        'arzamed diff',
        changeAnnotations({ ...report, changes }, () => value),
      );
      const [, error = '', ...rest] = annotations.trimEnd().split('\n');
      expect(error).not.toMatch(acting);
      expect(error).toMatch(/^::error (?:file=[^:,]*,line=\d+,)?title=arzamed diff%3A a::/);
      expect(rest).toEqual(['::endgroup::']);
    });
  });
});
