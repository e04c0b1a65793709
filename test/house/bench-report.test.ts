// The report of the benchmarks is drawn from their results, and by nobody's hand.
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { drawPages, drawReport } from '../../bench/report/report.ts';

const results = JSON.parse(await readFile('bench/results.json', 'utf8'));
const files = await drawReport(results);
const pages = await drawPages(results);

test.each(Object.keys(files))('bench/%s is what bench/results.json gives', async (file) => {
  expect(await readFile(`bench/${file}`, 'utf8')).toBe(files[file]);
});

test.each(Object.keys(pages))('the figures of %s are what bench/results.json gives', async (page) => {
  expect(await readFile(page, 'utf8')).toBe(pages[page]);
});

test('there is no plot of what is no longer measured', async () => {
  const plots = (await readdir('bench/plots')).map((name) => `plots/${name}`);
  expect(plots.filter((name) => !(name in files))).toEqual([]);
});
