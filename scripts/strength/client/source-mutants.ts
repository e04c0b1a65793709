import ts from 'typescript';
import { mutationsOf } from './source-operators.ts';

/** A single change of a source file. */
export interface SourceMutant {
  /** The same as long as the line is: `src/client/send.ts:40 equality 12 === → !==`. */
  readonly id: string;
  readonly operator: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly text: string;
}

/** The mutants of a TypeScript source: of what runs, not of its types. */
export function sourceMutantsOf(file: string, source: string): SourceMutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const mutants: SourceMutant[] = [];
  visit(tree);
  return mutants;

  function visit(node: ts.Node): void {
    if (isNotRun(node)) return;
    for (const { operator, at = node, text } of mutationsOf(node)) {
      const [start, end] = [at.getStart(tree), at.getEnd()];
      const { line, character } = tree.getLineAndCharacterOfPosition(start);
      const shown = `${brief(source.slice(start, end))} → ${brief(text)}`;
      const id = `${file}:${line + 1}:${character + 1} ${operator}: ${shown}`;
      mutants.push({ id, operator, file, line: line + 1, start, end, text });
    }
    ts.forEachChild(node, visit);
  }
}

function isNotRun(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    (ts.isFunctionDeclaration(node) && !node.body)
  );
}

function brief(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line || '(nothing)';
}
