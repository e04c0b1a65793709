import { gives, loadTool, type Loaded } from './load-tool.ts';

/** What is used of @pactflow/openapi-pact-comparator, whose own types lead to packages that are not installed. */
export interface ComparatorPackage {
  Comparator: new (options: { oas: object }) => { compare: (pact: unknown) => AsyncIterable<unknown> };
}

/** Loads the comparator from where the user's project has it, else from beside this package. */
export function loadComparator(places?: readonly string[]): Loaded<ComparatorPackage> {
  return loadTool({ name: '@pactflow/openapi-pact-comparator', version: '2.3.1' }, hasComparator, places);
}

function hasComparator(loaded: unknown): loaded is ComparatorPackage {
  return gives(loaded, 'Comparator');
}
