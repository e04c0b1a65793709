import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { Ajv } from 'ajv';

// Of draft 4, whose names for itself Ajv does not know.
const schema = JSON.parse(
  (await readFile('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', 'utf8')).replace(
    /"\$schema": ".*",\s*/,
    '',
  ),
);
delete schema.id;
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

export interface SarifResult {
  ruleId: string;
  level: string;
  locations: { physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } } }[];
}

/** The results of a SARIF file that is valid. */
export async function sarifResults(file: string): Promise<SarifResult[]> {
  const report = JSON.parse(await readFile(file, 'utf8'));
  validate(report);
  expect(validate.errors).toBeNull();
  return report.runs[0].results;
}

/** `file:line` of a result. */
export function placeIn({ locations }: SarifResult): string {
  const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
  return `${artifactLocation?.uri}:${region?.startLine}`;
}
