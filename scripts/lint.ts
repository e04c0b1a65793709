// `npm run lint`: types, code, import rules, format and the specification, each by the tool made for it.
import { runTool } from './run-tool.ts';

await runTool('tsc', ['-p', 'tsconfig.json']);
await runTool('oxlint', ['--type-aware', '--deny-warnings', '--quiet']);
await runTool('node', ['scripts/figures.ts', '--check']);
await runTool('prettier', ['--check', '--log-level', 'warn', '.']);
await runTool('redocly', ['lint', '--max-problems', '20', '--format', 'stylish'], { REDOCLY_TELEMETRY: 'off' });
