import { setTimeout as wait } from 'node:timers/promises';
import type { MockOptions } from '../mock/options.ts';
import { readWorld } from '../mock/clinics/world.ts';
import type { SigningKey } from '../mock/state/signing-keys.ts';
import { openMock } from '../mock/start-mock.ts';
import type { MockCommandOptions } from './mock.ts';
import { printAnswer } from './print-answer.ts';
import { printFinding } from './print-finding.ts';
import { printReset } from './print-reset.ts';
import { setScenario } from './scenario.ts';
import { untilStopped } from './until-stopped.ts';
import { welcome } from './welcome.ts';
import { outlineOf } from '../intercept/discover.ts';

/** Milliseconds for which who waits for the mock to listen can have his token, before Prism takes the processor. */
const headStart = 100;

/**
 * Plays the mock until it is told to stop.
 * @param signingKey the key that signs tokens, where it is being made already.
 * @throws Problem if it cannot be started as it is asked for.
 */
export async function runMock(options: MockCommandOptions, signingKey?: Promise<SigningKey>): Promise<void> {
  const { json = false, printEnv: shell, host, clinic, interceptHost: hosts, allowNetwork } = options;
  const stopped = untilStopped();
  const quiet = json || shell !== undefined;
  const print: MockOptions = quiet ? {} : { onAnswer: printAnswer, onFinding: printFinding, onReset: printReset };
  const played = readWorld(options);
  // Programs that meet the mock under the API's own name get their token there too.
  const publicUrl = options.publicUrl ?? (shell === undefined ? undefined : (await outlineOf(await played)).origin);
  await using mock = await openMock({ ...options, publicUrl, ...print }, { played, signingKey });
  await setScenario(mock, options);
  await using _ =
    shell === undefined
      ? undefined
      : await (await import('./intercept.ts')).intercept(await played, mock, { shell, clinic, hosts, allowNetwork });
  // A token that was given is known to who gave it; one that was made up must be said.
  const madeUp = options.controlToken === undefined ? mock.controlToken : undefined;
  const { url, baseUrl, clinics } = mock;
  if (json) process.stdout.write(`${JSON.stringify({ url, baseUrl, clinics, controlToken: madeUp })}\n`);
  else if (!quiet) process.stdout.write(welcome(mock, { host, controlToken: madeUp }));
  await Promise.race([stopped, wait(headStart)]);
  await mock.load();
  await stopped;
  mock.findings.conclude();
  if (!quiet) process.stdout.write('Stopped.\n');
}
