import type { OpenApiDocument } from '../openapi/document.ts';
import { checkTypes } from './check-types.ts';
import { loadGenerator } from './generator.ts';
import { nameRecursive } from './name-recursive.ts';
import { findOpenRecursion } from './open-recursion.ts';
import { prepare } from './prepare.ts';
import { print } from './print.ts';
import { rootTypes, typeOf } from './root-types.ts';

/**
 * The types of a specification's paths, operations and components, by openapi-typescript.
 * @param document a document whose references all lead to whole components.
 * @param name the specification, as people are told of it.
 * @throws Problem if the generator is not installed, or no type can say what the specification says.
 */
export async function writeTypes(document: OpenApiDocument, name: string): Promise<string> {
  const generator = await loadGenerator();
  const { json, marks } = prepare(document);
  const [upToComponents, rest] = await print(generator, json, name);
  const roots = rootTypes(document);
  const open = findOpenRecursion(document);
  const recursive = roots.filter(({ kind, component }) => kind === 'schemas' && open.has(component));
  const { text, bodies } = nameRecursive(generator.ts, upToComponents, recursive);
  const aliases = roots.map((type) => `export type ${type.name} = ${bodies.get(type) ?? typeOf(type)};\n`);
  const whole = marks.restore(text + aliases.join('') + rest);
  checkTypes(generator.ts, whole, name);
  return whole;
}
