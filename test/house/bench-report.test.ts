// The report of the benchmarks is drawn from their results, and by nobody's hand.
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { drawReport } from '../../bench/report/report.ts';

const files = await drawReport(JSON.parse(await readFile('bench/results.json', 'utf8')));

test.each(Object.keys(files))('bench/%s is what bench/results.json gives', async (file) => {
  expect(await readFile(`bench/${file}`, 'utf8')).toBe(files[file]);
});

test('there is no plot of what is no longer measured', async () => {
  const plots = (await readdir('bench/plots')).map((name) => `plots/${name}`);
  expect(plots.filter((name) => !(name in files))).toEqual([]);
});
