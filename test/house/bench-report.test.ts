// The report of the benchmarks is drawn from their results, and by nobody's hand.
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { drawReadme, drawReport } from '../../bench/report/report.ts';

const results = JSON.parse(await readFile('bench/results.json', 'utf8'));
const files = await drawReport(results);

test.each(Object.keys(files))('bench/%s is what bench/results.json gives', async (file) => {
  expect(await readFile(`bench/${file}`, 'utf8')).toBe(files[file]);
});

test('the figures of the README are what bench/results.json gives', async () => {
  expect(await readFile('README.md', 'utf8')).toBe(await drawReadme(results));
});

test('there is no plot of what is no longer measured', async () => {
  const plots = (await readdir('bench/plots')).map((name) => `plots/${name}`);
  expect(plots.filter((name) => !(name in files))).toEqual([]);
});
