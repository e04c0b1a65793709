import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { run, type Ended } from './command.ts';

interface Input {
  required?: boolean;
  default?: string;
}

interface Step {
  name: string;
  id?: string;
  if?: string;
  shell: string;
  env?: Record<string, string>;
  'working-directory'?: string;
  run: string;
}

interface Action {
  inputs: Record<string, Input>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

/** How a job ended: of each step that ran, by its name, what it printed and what the summary of the step is. */
export interface Job {
  code: number | null;
  outputs: Record<string, string>;
  steps: Record<string, Ended & { summary: string }>;
}

interface Given {
  inputs: Record<string, string>;
  /** The folder of the repository that the job is about. */
  workspace: string;
  /** The runner's folder for temporary files. */
  temp: string;
  /** A folder of programs that come before any other. */
  programs?: string;
}

/** Runs the composite action of a folder as GitHub's runner does, as far as that action needs it. */
export async function runAction(folder: string, { inputs: given, workspace, temp, programs }: Given): Promise<Job> {
  const action: Action = parse(await readFile(join(folder, 'action.yml'), 'utf8'));
  if (action.runs.using !== 'composite') throw new Error('The action is not composite.');
  const inputs = withDefaults(action.inputs, given);
  const outputs: Record<string, Record<string, string>> = {};
  const job: Job = { code: 0, outputs: {}, steps: {} };
  const valueOf = (name: string): string => {
    const [kind = '', id = '', of, output = ''] = name.split('.');
    if (kind === 'inputs' && id in inputs) return inputs[id] ?? '';
    if (kind === 'steps' && of === 'outputs') return outputs[id]?.[output] ?? '';
    throw new Error(`The expression ${name} is none that is known here.`);
  };
  const filled = (text: string): string =>
    text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => valueOf(name));
  await mkdir(temp, { recursive: true });
  for (const [index, step] of action.runs.steps.entries()) {
    const { name, id = '', env = {}, run: script, shell } = step;
    const [, left = '', right] = /^\$\{\{ ([\w.-]+) == '(.*)' \}\}$/.exec(step.if ?? '') ?? [];
    if (step.if !== undefined && valueOf(left) !== right) continue;
    if (shell !== 'bash') throw new Error('Only bash is there on every runner.');
    // What is put into a script is run: the texts of inputs must be variables.
    if (script.includes('${{')) throw new Error(`The script of ${name} contains an expression.`);
    const [file, output, summary] = ['sh', 'output', 'summary'].map((kind) => join(temp, `step-${index}.${kind}`));
    if (file === undefined || output === undefined || summary === undefined) throw new Error();
    await Promise.all([writeFile(file, script), writeFile(output, ''), writeFile(summary, '')]);
    const ended = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
      cwd: resolve(workspace, filled(step['working-directory'] ?? '')),
      env: {
        ...process.env,
        PATH: [...(programs === undefined ? [] : [programs]), process.env.PATH].join(delimiter),
        ...Object.fromEntries(Object.entries(env).map(([key, value]) => [key, filled(value)])),
        GITHUB_ACTION_PATH: resolve(folder),
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: temp,
      },
    });
    job.steps[name] = { ...ended, summary: await readFile(summary, 'utf8') };
    const lines = (await readFile(output, 'utf8')).split('\n').filter(Boolean);
    outputs[id] = Object.fromEntries(lines.map((line) => [line.replace(/=.*/, ''), line.replace(/^.*?=/, '')]));
    job.code = ended.code;
    if (ended.code !== 0) break;
  }
  for (const [name, { value }] of Object.entries(action.outputs)) job.outputs[name] = filled(value);
  return job;
}

interface Pipeline {
  script: string[];
  artifacts: { reports: Record<string, string> };
}

/** Runs the one job of a GitLab component in a project. */
export async function runComponent(
  file: string,
  { inputs: given, workspace, programs }: Omit<Given, 'temp'>,
): Promise<Ended & Pick<Pipeline, 'artifacts'>> {
  const [head, body] = parseAllDocuments(await readFile(file, 'utf8'));
  if (head === undefined) throw new Error('The component has no inputs.');
  const { spec }: { spec: { inputs: Record<string, Input> } } = head.toJS();
  const inputs = withDefaults(
    Object.fromEntries(
      Object.entries(spec.inputs).map(([name, each]) => [name, { required: !('default' in each), ...each }]),
    ),
    given,
  );
  const filled = String(body).replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => {
    if (!(name in inputs)) throw new Error(`There is no input ${name}.`);
    return inputs[name] ?? '';
  });
  const [job]: Pipeline[] = Object.values(parse(filled));
  if (job === undefined) throw new Error('The component has no job.');
  const env = { ...process.env, PATH: [programs, process.env.PATH].join(delimiter), CI_PROJECT_DIR: workspace };
  const ended = await run('sh', ['-ec', job.script.join('\n')], { cwd: workspace, env });
  return { ...ended, artifacts: job.artifacts };
}

function withDefaults(known: Record<string, Input>, given: Record<string, string>): Record<string, string> {
  for (const name of Object.keys(given)) if (!(name in known)) throw new Error(`There is no input ${name}.`);
  return Object.fromEntries(
    Object.entries(known).map(([name, { required = false, default: usual = '' }]) => {
      if (required && !(name in given)) throw new Error(`The input ${name} is required.`);
      return [name, given[name] ?? usual];
    }),
  );
}
