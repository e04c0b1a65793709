import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OpenApiDocument } from '../../src/spec/document.ts';
import { isObject } from '../../src/contract/strength/json.ts';

const command = join(process.cwd(), 'node_modules/.bin/redocly');

/** What `@redocly/cli diff` calls breaking between two specifications. */
export async function breakingChanges(old: OpenApiDocument, changed: OpenApiDocument): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'arzamed-diff-'));
  try {
    const files = { 'old.json': old, 'new.json': changed, 'redocly.yaml': { extends: ['diff-recommended'] } };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
    const args = ['diff', 'old.json', 'new.json', '--fail-on', 'none', '--format', 'json'];
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off' };
    const { stdout } = await promisify(execFile)(command, args, { cwd: folder, env, maxBuffer: 2 ** 26 });
    const { changes }: Partial<Record<string, unknown>> = Object(JSON.parse(stdout));
    return (Array.isArray(changes) ? changes : []).flatMap(describeBreaking);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describeBreaking(change: unknown): string[] {
  if (!isObject(change) || change['impact'] !== 'major') return [];
  const [verdict] = Array.isArray(change['verdicts']) ? change['verdicts'] : [];
  return [isObject(verdict) ? String(verdict['message']) : String(change['path'])];
}
