// `npm run lint`: types, code, import rules, format and the specification, each by the tool made for it.
import { runTool } from './run-tool.ts';

await runTool('oxlint', ['--type-aware', '--type-check', '--deny-warnings', '--quiet']);
await runTool('node', ['scripts/figures.ts', '--check']);
await runTool('oxfmt', ['--check', '.']);
await runTool('redocly', ['lint', '--max-problems', '20', '--format', 'stylish'], { REDOCLY_TELEMETRY: 'off' });
