import type TypeScript from 'typescript';
import type { RootType } from './root-types.ts';

/**
 * Turns around who names whom, in generated text: the component's property refers to the exported type, which gets what
 * the property had. Only so may a type contain itself without an object between.
 */
export function nameRecursive(
  ts: typeof TypeScript,
  text: string,
  recursive: readonly RootType[],
): { text: string; bodies: Map<RootType, string> } {
  const bodies = new Map<RootType, string>();
  if (recursive.length === 0) return { text, bodies };
  const byComponent = new Map(recursive.map((type) => [type.component, type]));
  const edits: { start: number; end: number; type: RootType }[] = [];
  for (const member of schemasIn(ts, text)) {
    const type = byComponent.get(ts.isPropertySignature(member) ? nameOf(ts, member) : '');
    if (!type || !ts.isPropertySignature(member) || !member.type) continue;
    edits.push({ start: member.type.getStart(), end: member.type.getEnd(), type });
  }
  let changed = text;
  for (const { start, end, type } of edits.toReversed()) {
    bodies.set(type, refer(text.slice(start, end), recursive));
    changed = changed.slice(0, start) + type.name + changed.slice(end);
  }
  return { text: changed, bodies };
}

function schemasIn(ts: typeof TypeScript, text: string): readonly TypeScript.TypeElement[] {
  const file = ts.createSourceFile('types.ts', text, ts.ScriptTarget.ESNext, true);
  const components = file.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === 'components');
  const schemas = components?.members
    .filter(ts.isPropertySignature)
    .find((member) => nameOf(ts, member) === 'schemas')?.type;
  return schemas && ts.isTypeLiteralNode(schemas) ? schemas.members : [];
}

function nameOf(ts: typeof TypeScript, { name }: TypeScript.PropertySignature): string {
  return ts.isComputedPropertyName(name) ? '' : name.text;
}

/** A string within a type has its quotes escaped, so that this text is nothing but the reference. */
function refer(body: string, recursive: readonly RootType[]): string {
  return recursive.reduce(
    (changed, { name, component }) => changed.replaceAll(`components["schemas"]["${component}"]`, name),
    body,
  );
}
