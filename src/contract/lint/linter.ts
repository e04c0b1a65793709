import { gives, loadTool, type Loaded } from '../../verify/load-tool.ts';

/** What is used of @redocly/openapi-core, whose own types ask for those of packages that a project need not have. */
export interface Linter {
  createConfig: (config: { rules: Readonly<Record<string, 'error'>> }) => Promise<unknown>;
  lint: (options: { ref: string; config: unknown }) => Promise<unknown>;
}

/** Loads it from the user's project, where openapi-typescript brings it along. */
export function loadLinter(places?: readonly string[]): Loaded<Linter> {
  return loadTool({ name: '@redocly/openapi-core', version: '1.34.24' }, isLinter, places);
}

function isLinter(loaded: unknown): loaded is Linter {
  return gives(loaded, 'createConfig', 'lint');
}
