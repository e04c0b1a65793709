// What the program rests on: the specification, and the contract that the service is held to.
import { readFile } from 'node:fs/promises';
import contract from 'arzamed-devkit/contracts/arzamed-devkit-arzamed-api.json' with { type: 'json' };

const specification = await readFile(new URL(import.meta.resolve('arzamed-devkit/openapi.yaml')), 'utf8');
const version = /^openapi: (\S+)$/m.exec(specification)?.[1] ?? '';
process.stdout.write(`OpenAPI ${version}, contract with ${contract.provider.name}\n`);
