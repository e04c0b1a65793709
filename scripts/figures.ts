// `npm run figures` prints how large and how tangled `src/` is. With --check, as `npm run lint` runs it, a figure above its
// limit in figures.json fails; --write lowers the limits to today's figures. Generated code does not count.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { entriesOf, parseJson } from '../src/util/json.ts';

const limitsFile = 'scripts/figures.json';

interface Module {
  path: string;
  lines: number;
  exports: string[];
  /** Paths of the modules that it imports, type-only and dynamic imports included. */
  imports: string[];
}

const modules = await readModules('src');
const crowds = new Map<string, number>();
const homes = new Map<string, string[]>();
for (const { path, exports } of modules) {
  crowds.set(dirname(path), (crowds.get(dirname(path)) ?? 0) + 1);
  for (const name of exports) homes.set(name, [...(homes.get(name) ?? []), path]);
}
const found: Record<string, string[]> = {
  'import circles': circlesOf(modules).map((circle) => circle.join(' -> ')),
  'exported names in two files': [...homes]
    .filter(([, paths]) => paths.length > 1)
    .map(([name, paths]) => `${name}: ${paths.join(', ')}`),
  'files under 20 lines': modules.filter(({ lines }) => lines < 20).map(({ path, lines }) => `${path}: ${lines}`),
};
const figures: Record<string, number> = {
  files: modules.length,
  lines: modules.reduce((sum, { lines }) => sum + lines, 0),
  'most files in one folder': Math.max(...crowds.values()),
  'lines of the longest file': Math.max(...modules.map(({ lines }) => lines)),
  ...Object.fromEntries(Object.entries(found).map(([name, list]) => [name, list.length])),
};

const limits = readLimits(await readFile(limitsFile, 'utf8'));
const above = Object.entries(figures).filter(([name, value]) => value > (limits[name] ?? 0));
if (process.argv.includes('--write')) {
  await writeFile(limitsFile, `${JSON.stringify(figures, undefined, 2)}\n`);
} else if (process.argv.includes('--check')) {
  for (const [name, value] of above) {
    const list = found[name]?.map((each) => `\n  ${each}`).join('') ?? '';
    process.stderr.write(`src/: ${name}: ${value}, at most ${limits[name] ?? 0} are allowed (${limitsFile}).${list}\n`);
  }
  if (above.length > 0) process.exitCode = 1;
} else {
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(28)}${value}\n`);
  for (const [name, list] of Object.entries(found)) for (const each of list) process.stdout.write(`${name}: ${each}\n`);
}

function readLimits(text: string): Record<string, number> {
  return Object.fromEntries(entriesOf(parseJson(text)).map(([name, limit]) => [name, Number(limit)]));
}

async function readModules(folder: string): Promise<Module[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.map((name) => join(folder, name)).filter((path) => /\.tsx?$/.test(path));
  return Promise.all(
    paths
      .toSorted()
      .filter((path) => !path.startsWith('src/generated/'))
      .map(readModule),
  );
}

async function readModule(path: string): Promise<Module> {
  const text = await readFile(path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && node.text.startsWith('.') && isModuleName(node)) {
      imports.add(join(dirname(path), node.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, lines: text.split('\n').length - 1, exports: exportsOf(source), imports: [...imports] };
}

function isModuleName({ parent }: ts.StringLiteral): boolean {
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent);
  return ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** Names that a module declares and exports; a name that it passes on from another module does not count. */
function exportsOf(source: ts.SourceFile): string[] {
  const names = source.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || isTypeDeclaration(statement)
      ? [statement.name?.text ?? 'default']
      : [];
  });
  return [...new Set(names)];
}

function isTypeDeclaration(node: ts.Node): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

/** The groups of modules that import each other, each as one way around. */
function circlesOf(all: readonly Module[]): string[][] {
  const importsOf = new Map(all.map(({ path, imports }) => [path, imports]));
  const circles = new Map<string, string[]>();
  for (const { path } of all) {
    const way = wayBack(path, importsOf);
    if (way) circles.set(way.toSorted().join(), way);
  }
  return [...circles.values()];
}

/** The shortest way from a module over its imports back to itself. */
function wayBack(start: string, importsOf: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const seen = new Set<string>();
  let ways = [[start]];
  while (ways.length > 0) {
    const next: string[][] = [];
    for (const way of ways) {
      for (const path of importsOf.get(way.at(-1) ?? start) ?? []) {
        if (path === start) return way;
        if (seen.has(path)) continue;
        seen.add(path);
        next.push([...way, path]);
      }
    }
    ways = next;
  }
  return undefined;
}
