import type TypeScript from 'typescript';
import { toPointer } from '../util/json.ts';
import { Problem } from '../util/errors.ts';

/** What generated types use of TypeScript's own library: to read all of that would take longer than all the rest. */
const library = `
interface Array<T> { length: number; [index: number]: T }
interface Boolean {} interface Function {} interface CallableFunction {} interface NewableFunction {}
interface IArguments {} interface Number {} interface Object {} interface RegExp {} interface String {}
type Exclude<T, U> = T extends U ? never : T;
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type Record<K extends keyof any, T> = { [P in K]: T };
`;

/**
 * Asks TypeScript whether it accepts generated types, strictly.
 * @throws Problem naming the part of the specification whose type it refuses.
 */
export function checkTypes(ts: typeof TypeScript, text: string, name: string): void {
  const options: TypeScript.CompilerOptions = { strict: true, noEmit: true, types: [], noResolve: true };
  const texts: Record<string, string> = { '/lib.d.ts': library, '/types.ts': text };
  const program = ts.createProgram({
    rootNames: Object.keys(texts),
    options: { ...options, noLib: true },
    host: {
      getSourceFile: (file, version) => ts.createSourceFile(file, texts[file] ?? '', version, true),
      getDefaultLibFileName: () => '/lib.d.ts',
      getCurrentDirectory: () => '/',
      getCanonicalFileName: (file) => file,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      fileExists: (file) => Object.hasOwn(texts, file),
      readFile: (file) => texts[file],
      writeFile: () => undefined,
    },
  });
  const [first] = [
    ...program.getSyntacticDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
  if (!first) return;
  throw new Problem({
    code: 'types_impossible',
    what: 'TypeScript would not accept the types of this specification, so nothing is written.',
    where: name,
    facts: {
      at: first.file && toPointer(stepsTo(ts, first.file, first.start ?? 0)),
      reason: ts.flattenDiagnosticMessageText(first.messageText, ' '),
    },
    remedy: 'Change this part of the specification, or leave it out in a copy.',
  });
}

/** The names of the properties around a place in the generated text, from the outermost. */
function stepsTo(ts: typeof TypeScript, file: TypeScript.SourceFile, position: number): string[] {
  const steps: string[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (position < node.getFullStart() || position >= node.getEnd()) return;
    const named = ts.isPropertySignature(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
    if (named && !ts.isComputedPropertyName(node.name)) steps.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return steps;
}
