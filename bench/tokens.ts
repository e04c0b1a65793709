import { spawnSync } from 'node:child_process';
import type { webcrypto } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { isToken, tokenQuestion } from './harness/answers.ts';
import { interleave } from './harness/interleave.ts';
import { throughput, type Target } from './harness/load.ts';
import { ratio, table, type Benchmark } from './harness/section.ts';
import { startServer } from './harness/server.ts';
import { arzamedMock, oauth2MockServer } from './peers/servers.ts';

const seconds = 1;
const joseLoop = 'jose in a loop';
const openssl = 'openssl speed, one core';

export const benchmark: Benchmark = {
  title: 'Tokens: a signature each',
  async run(progress) {
    await using servers = new AsyncDisposableStack();
    const tasks: Record<string, () => number | Promise<number>> = {};
    for (const contestant of [arzamedMock, oauth2MockServer]) {
      const { url } = servers.use(await startServer(contestant));
      const question = tokenQuestion(url + (contestant.tokenPath ?? ''));
      const target: Target = { who: contestant.name, question, isRight: isToken };
      tasks[contestant.name] = () => throughput(target, seconds);
    }
    const { privateKey } = await generateKeyPair('RS256');
    tasks[joseLoop] = () => signingRate(privateKey);
    if (opensslRate() !== undefined) tasks[openssl] = () => opensslRate() ?? Number.NaN;
    const rates = await interleave(tasks, {
      rounds: 7,
      dropped: 2,
      onRound: (round, rounds) => progress(`round ${round} of ${rounds}`),
    });
    const issued = table('tokens, or signatures, a second', 'per second', rates);
    const signing = openssl in tasks ? openssl : joseLoop;
    return {
      about: `The same request for client credentials over 16 connections, from another process on the same machine; each
        answer must hold a signed token. Both servers sign with RSA-2048 (RS256). Beside them is what the machine can sign:
        OpenSSL on one core, and jose, one signature after the other.`,
      tables: [{ ...issued, plotted: true }],
      growths: [],
      ratios: [
        ratio(issued, arzamedMock.name, oauth2MockServer.name, { atLeast: 1.5 }),
        ratio(issued, arzamedMock.name, signing, { atLeast: 0.6 }),
        ratio(issued, arzamedMock.name, joseLoop),
      ],
    };
  },
};

/** Signatures a second, one after the other. */
async function signingRate(privateKey: webcrypto.CryptoKey): Promise<number> {
  const from = performance.now();
  let count = 0;
  while (performance.now() - from < seconds * 1000) {
    await new SignJWT({ scope: 'read' }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    count += 1;
  }
  return (count * 1000) / (performance.now() - from);
}

/** What OpenSSL says of the machine; undefined where there is none. */
function opensslRate(): number | undefined {
  const { stdout, status } = spawnSync('openssl', ['speed', '-mr', '-seconds', '1', 'rsa2048'], { encoding: 'utf8' });
  // `+F2:2:2048:signatures:verifications`, a second.
  const found = /^\+F2:\d+:2048:([\d.]+):/m.exec(status === 0 ? stdout : '')?.[1];
  return found === undefined ? undefined : Number(found);
}
