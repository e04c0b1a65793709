// `npm run audit`: the advisories that the registry has for the packages of the lock file. Exit code 1 if one of them has no
// verdict in scripts/advisories.json, 2 if the registry gives none.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { entriesOf, fieldsOf, isList, parseObject, textAt, valueAt } from '../src/util/json.ts';
import { printable } from '../src/util/terminal.ts';

interface Advisory {
  /** Such as `GHSA-…`. */
  id: string;
  name: string;
  title: string;
  severity: string;
  range: string;
}

const { stdout } = spawnSync('npm', ['audit', '--json'], {
  encoding: 'utf8',
  maxBuffer: 64 << 20,
  shell: process.platform === 'win32',
});
const answer = parseObject(stdout);
const found = fieldsOf(answer?.vulnerabilities);
const verdicts = parseObject(await readFile('scripts/advisories.json', 'utf8')) ?? {};
if (found === undefined) {
  const reason = textAt(answer, 'message') ?? 'npm audit answered nothing that can be read.';
  say('The registry gives no advisories, so nothing was audited.', reason);
  process.exitCode = 2;
} else {
  const advisories = advisoriesIn(found);
  const unknown = advisories.filter(({ id }) => !textAt(verdicts, id));
  for (const { id, name, title, severity, range } of advisories)
    say(`${id} ${severity} ${name} ${range}: ${title}`, `  ${textAt(verdicts, id) ?? 'NO VERDICT'}`);
  for (const id of Object.keys(verdicts))
    if (!advisories.some((each) => each.id === id))
      say(`${id} does not concern any package now: remove it from scripts/advisories.json.`);
  const packages = valueAt(answer, ['metadata', 'dependencies', 'total']);
  say(`Packages: ${String(packages)}, advisories: ${advisories.length}, without a verdict: ${unknown.length}.`);
  if (unknown.length > 0) {
    say('Update the package, or write why the advisory does not apply here into scripts/advisories.json.');
    process.exitCode = 1;
  }
}

/** Each advisory once, though it may concern several packages. */
function advisoriesIn(vulnerabilities: object): Advisory[] {
  const advisories = new Map<string, Advisory>();
  for (const [, { via }] of entriesOf(vulnerabilities).map(([name, value]) => [name, fieldsOf(value) ?? {}] as const)) {
    for (const each of isList(via) ? via : []) {
      // A name stands for what a dependency has.
      if (typeof each === 'string') continue;
      const text = (field: string): string => textAt(each, field) ?? '?';
      const id = text('url').split('/').at(-1) ?? '?';
      advisories.set(id, {
        id,
        name: text('name'),
        title: text('title'),
        severity: text('severity'),
        range: text('range'),
      });
    }
  }
  return [...advisories.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function say(...lines: string[]): void {
  process.stdout.write(printable(lines));
}
