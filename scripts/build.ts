// Makes dist/ from src/, from nothing each time, so that no file of an earlier build stays behind.
import { chmod, rm } from 'node:fs/promises';
import { runTool } from './run-tool.ts';

await rm('dist', { recursive: true, force: true });
await runTool('tsc', ['-p', 'tsconfig.build.json']);
await chmod('dist/cli/main.js', 0o755);
