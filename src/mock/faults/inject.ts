import type { Response } from 'express';
import type { Operation } from '../../openapi/operations.ts';
import { claimantOf } from '../auth/claimed-identity.ts';
import { refusalFor, refuse } from '../auth/refusals.ts';
import type { MockHandler } from '../http/exchange.ts';
import { jsonReply, send, writeHead, type Reply } from '../http/reply.ts';
import type { Random } from '../state/environment.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { Delay, Delivery, Fault } from './faults.ts';

/** Lets a fault strike the request, if one was set for it. What the fault does not say is answered as usual. */
export function injectFaults(sandbox: Sandbox): MockHandler {
  return async (request, response, next) => {
    if (sandbox.faults.none) return next();
    const { route } = response.locals;
    const { operation } = route;
    const { key, ...claimed } = claimantOf(sandbox, operation, request.get('authorization'), request.body);
    const clinic = operation.issuesTokens ? (Object.values(route.parameters)[0] ?? key?.clinic) : key?.clinic;
    const fault = sandbox.faults.strike(operation, clinic);
    if (!fault) return next();
    const claimedClinic = clinic === undefined ? undefined : sandbox.fixtures.clinic(clinic)?.id;
    Object.assign(response.locals, { fault: fault.id, claimedClinic, clientId: key?.clientId, ...claimed });
    if (fault.delay) await sandbox.sleep(drawDelay(fault.delay, sandbox.random));
    const { delivery } = fault;
    response.locals.send = async (reply) => {
      const changed = change(reply, fault);
      if (delivery === undefined) send(response, changed);
      else await deliver(response, changed, delivery, sandbox);
    };
    return fault.status === undefined
      ? next()
      : response.locals.send(await answerOf(sandbox, operation, fault, fault.status));
  };
}

/** The answer with what the fault says of it. */
function change(reply: Reply, { headers = {}, body, contentType, expiresIn }: Fault): Reply {
  const type = contentType === undefined ? {} : { 'Content-Type': contentType };
  const kept = Object.entries(reply.headers).filter(
    ([name]) => contentType === undefined || name.toLowerCase() !== 'content-type',
  );
  const changed = { ...reply, headers: { ...Object.fromEntries(kept), ...type, ...headers } };
  if (body !== undefined) return { ...changed, body: typeof body === 'string' ? body : JSON.stringify(body) };
  if (expiresIn === undefined || reply.status !== 200 || reply.body === undefined) return changed;
  const token: unknown = JSON.parse(reply.body);
  return { ...changed, body: JSON.stringify({ ...Object(token), expires_in: expiresIn }) };
}

/** What a fault answers by its status: as the mock itself would refuse a token, or else as the specification has it. */
async function answerOf(sandbox: Sandbox, operation: Operation, { example }: Fault, status: number): Promise<Reply> {
  if (operation.statuses.includes(String(status))) {
    const { type, scopes = [] } = operation.security.credentials ?? {};
    const refusal = type === 'bearer' ? refusalFor(status, example, scopes) : undefined;
    if (refusal) return refuse(sandbox, operation, refusal);
    const documented = await sandbox.answers.documented(operation, status, example);
    if (documented) return documented;
  }
  return jsonReply(status, { message: `The mock was told to answer with ${status}.` });
}

/** Draws how long an answer is held back, in milliseconds. */
function drawDelay(delay: Delay, random: Random): number {
  if ('milliseconds' in delay) return delay.milliseconds;
  if ('from' in delay) return delay.from + (delay.to - delay.from) * random();
  return delay.median * Math.exp(delay.sigma * drawNormal(random));
}

/** A number of the standard normal distribution (Box and Muller). */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A slow answer has a pause of so many milliseconds after each part, and at most so many parts: half a minute. */
const slow = { pause: 50, parts: 600 };

/** Lets the bytes of an answer arrive in a way in which they should not. */
async function deliver(
  response: Response,
  reply: Reply,
  delivery: Delivery,
  { random, sleep }: { random: Random; sleep: (milliseconds: number) => Promise<void> },
): Promise<void> {
  const body = Buffer.from(reply.body ?? '');
  switch (delivery) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'close':
      response.socket?.destroy();
      return;
    case 'truncate':
      announce(response, reply, body.length);
      response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
      return;
    case 'garbage':
      announce(response, reply, body.length + 1);
      response.write(Buffer.from(Array.from(body, () => Math.floor(random() * 256))), () => response.socket?.destroy());
      return;
    case 'slow':
      announce(response, reply, body.length);
      for (const part of partsOf(body)) {
        if (response.destroyed) return;
        response.write(part);
        await sleep(slow.pause);
      }
      response.end();
  }
}

/** Single bytes, or larger parts where there would be too many of these. */
function partsOf(body: Buffer): Buffer[] {
  const size = Math.max(1, Math.ceil(body.length / slow.parts));
  return Array.from({ length: Math.ceil(body.length / size) }, (_, part) =>
    body.subarray(part * size, (part + 1) * size),
  );
}

function announce(response: Response, reply: Reply, length: number): void {
  writeHead(response, reply);
  response.setHeader('Content-Length', length);
}
