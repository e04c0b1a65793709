import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a tool of node_modules/.bin, which npm has put on the PATH; ends this process with the tool's exit code if it
 * fails. On Windows these tools are scripts, which only a shell starts.
 */
export async function runTool(command: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = spawn(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...environment },
  });
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) process.exit(typeof code === 'number' ? code : 1);
}
