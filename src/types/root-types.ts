import { valueAt } from '../util/json.ts';
import type { OpenApiDocument } from '../openapi/document.ts';

/** Kind of component to how the name of its types begins where the name alone would not do. */
const prefixes = {
  schemas: 'Schema',
  responses: 'Response',
  parameters: 'Parameter',
  requestBodies: 'RequestBody',
  headers: 'Header',
  pathItems: 'PathItem',
};

/** Names that the generated file uses for something else. */
const taken = ['Record', 'Omit', 'WithRequired'];

export interface RootType {
  /** The exported name: `Sailing`. */
  name: string;
  kind: string;
  /** The component as the document names it. */
  component: string;
}

/**
 * A type for each component, by a name of its own: the component's name in PascalCase, for all but schemas with the kind
 * before it. Schemas too have it there if the name is no identifier or is taken; what is still the same gets a number.
 */
export function rootTypes(document: OpenApiDocument): RootType[] {
  const names = new Set(taken);
  const types: RootType[] = [];
  for (const [kind, prefix] of Object.entries(prefixes)) {
    for (const component of Object.keys(Object(valueAt(document, ['components', kind])))) {
      const plain = pascalCase(component);
      const usable = kind === 'schemas' && /^[A-Za-z]/.test(plain) && !taken.includes(plain);
      const wanted = usable ? plain : `${prefix}${plain}`;
      let name = wanted;
      for (let count = 2; names.has(name); count += 1) name = `${wanted}_${count}`;
      names.add(name);
      types.push({ name, kind, component });
    }
  }
  return types;
}

/** `api-key`, `apiKey` and `APIKey` become `ApiKey`. Names of components have no other characters than these. */
function pascalCase(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '');
  return words
    .map((word, index) => {
      const separated = index > 0 && /^\d/.test(word) ? '_' : '';
      return `${separated}${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`;
    })
    .join('');
}

/** The path of a component in the generated types: `components['schemas']['Sailing']`. */
export function typeOf({ kind, component }: RootType): string {
  return `components['${kind}']['${component}']`;
}
