import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built command line, as the package's `bin` names it. */
export const arzamed = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** For every process that is started: nothing phones home, and nothing of ours changes how Node runs. */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  DO_NOT_TRACK: '1',
  SCARF_ANALYTICS: 'false',
  PACT_DO_NOT_TRACK: 'true',
  REDOCLY_TELEMETRY: 'off',
  NO_COLOR: '1',
  NODE_OPTIONS: '',
};
