// What `arzamed exec` does of the child, as a process of its own: makes the environment, says where the temporary folder
// is, runs the command, ends with its exit code. `EXEC_PARENT` is where the folder is made; with `EXEC_CRASH` it crashes.
import { rootCertificates } from 'node:tls';
import { prepareChild } from '../../src/intercept/child/prepare.ts';
import { runChild } from '../../src/intercept/child/run.ts';

const [command = '', ...args] = process.argv.slice(2);
const credentials = { tokenUrl: 'http://127.0.0.1:1/token', clientId: 'id', clientSecret: 'secret', baseUrl: '' };
const { EXEC_PARENT: parent = '', EXEC_CRASH: crash } = process.env;
using prepared = prepareChild({
  proxy: 'http://127.0.0.1:1',
  hosts: ['api.example'],
  authority: rootCertificates[0] ?? '',
  credentials,
  parent,
});
process.stdout.write(`folder ${prepared.folder}\n`);
if (crash !== undefined) throw new Error('A crash of ours.');
const { code, problem } = await runChild({ command, args, env: prepared.env });
if (problem) process.stderr.write(`${problem.message}\n`);
process.exitCode = code;
