// Bills of materials in CycloneDX.
import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';

/** What a bill says of a component, and a manifest of a package. */
export interface Component {
  name: string;
  group?: string;
  version: string;
  type: string;
  purl?: string;
  licenses?: object[];
  hashes?: object[];
}

export interface Bill {
  metadata: { component: Component };
  components: Component[];
}

export async function read<Contents>(path: string): Promise<Contents> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** Name and version of each package of npm in a bill. */
export function packagesOf({ components }: Bill): string[] {
  const packages = components.filter(({ purl }) => purl?.startsWith('pkg:npm/'));
  return packages.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`).toSorted();
}

/** What the official schema says of a bill. */
export async function mistakesIn(bill: Bill): Promise<unknown> {
  const ajv = new Ajv({ strict: false, formats: { 'iri-reference': true, 'idn-email': true } });
  formats.default(ajv);
  const schemas = 'node_modules/@cyclonedx/cyclonedx-library/res/schema';
  for (const name of ['spdx', 'jsf-0.82'])
    ajv.addSchema(
      await read<object>(`${schemas}/${name}.SNAPSHOT.schema.json`),
      `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
    );
  const validate = ajv.compile(await read<object>(`${schemas}/bom-1.6.SNAPSHOT.schema.json`));
  validate(bill);
  return validate.errors;
}
