// `npm run test:types`: what users see of the types in dist/, by the test of types in test-d/. It compiles as a project
// for bundlers and browsers would; `npm run lint` has it as one for Node, and `npm run test:supported` tries all compilers.
import { readdir, readFile } from 'node:fs/promises';
import { entriesOf, parseObject, valueAt } from '../src/util/json.ts';
import { runTool } from './run-tool.ts';

await runTool('tsc', ['-p', 'test-d/tsconfig.bundler.json']);

const forgotten = await untested();
if (forgotten.length > 0) {
  process.stderr.write(`No file of test-d/ names these exports of the package: ${forgotten.join(', ')}.\n`);
  process.exitCode = 1;
}

/** The names that the package exports and no test of types has. */
async function untested(): Promise<string[]> {
  const manifest = parseObject(await readFile('package.json', 'utf8'));
  const files = (await readdir('test-d')).filter((name) => name.endsWith('.ts'));
  const tests = await Promise.all(files.map((name) => readFile(`test-d/${name}`, 'utf8')));
  const named = new Set(tests.join('\n').match(/[\w$]+/g));
  const exported: string[] = [];
  for (const [, entry] of entriesOf(manifest?.['exports'])) {
    const types = valueAt(entry, ['types']);
    if (typeof types === 'string') exported.push(...namesIn(await readFile(types, 'utf8')));
  }
  return exported.filter((name) => !named.has(name));
}

/** The names that a declaration file exports. */
function namesIn(text: string): string[] {
  const listed = [...text.matchAll(/^export (?:type )?\{(.*?)\}/gms)].flatMap(([, list = '']) => list.split(','));
  const declared = [...text.matchAll(/^export (?:declare )?(?:type|interface|class|const|function) ([\w$]+)/gm)];
  return [...listed, ...declared.map(([, name = '']) => name)]
    .map((name) =>
      name
        .trim()
        .replace(/^type |^\w+ as /g, '')
        .replace(/^\w+ as /, ''),
    )
    .filter(Boolean);
}
