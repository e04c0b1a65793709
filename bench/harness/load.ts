import autocannon, { type Options } from 'autocannon';
import { Client, type Answer, type Question } from '../../scripts/soak/client.ts';
import { WrongAnswer } from './answers.ts';

type IsRight = (answer: Answer) => boolean;

/** What is asked, of whom, and which answer is right. */
export interface Target {
  who: string;
  question: Question;
  isRight: IsRight;
}

/** Connections that ask again as soon as they are answered. */
const connections = 16;

/**
 * How many requests a second a server answers when it is always busy.
 * @param others are asked in turn with the question; each connection begins at another place.
 * @throws WrongAnswer if a single answer is wrong, or one is missing.
 */
export async function throughput(
  { who, question, isRight }: Target,
  seconds: number,
  others: readonly Question[] = [],
): Promise<number> {
  let wrong: string | undefined;
  const result = await autocannon({
    ...load([question, ...others], connections),
    duration: seconds,
    verifyBody: (text) => {
      const right = isRight({ status: 200, body: text });
      if (!right) wrong ??= text;
      return right;
    },
  });
  const { errors, timeouts, mismatches, non2xx, requests, start, finish } = result;
  if (errors + timeouts + mismatches + non2xx > 0) {
    const counts = `${errors} errors, ${timeouts} timeouts, ${mismatches} wrong bodies, ${non2xx} not 2xx`;
    throw new WrongAnswer(who, { status: 0, body: `${counts}: ${wrong ?? ''}` });
  }
  return (requests.total * 1000) / (finish.getTime() - start.getTime());
}

/** Asks the same so many times, or several in turn; each connection begins at another place. */
export async function repeat(
  asked: Question | readonly Question[],
  amount: number,
  clients = connections,
): Promise<void> {
  const questions = [asked].flat();
  const { non2xx, errors, statusCodeStats } = await autocannon({
    ...load(questions, clients),
    amount: Math.max(amount, clients),
  });
  const statuses = Object.keys(statusCodeStats).join(', ');
  if (non2xx + errors > 0)
    throw new WrongAnswer(questions[0]?.url ?? '', { status: 0, body: `${errors} errors, and ${statuses}` });
}

function load(questions: readonly Question[], clients: number): Options {
  const requests = questions.map(({ method, url, headers = {}, body = '' }) => {
    const { pathname, search } = new URL(url);
    return { method, path: pathname + search, headers, body };
  });
  let begun = 0;
  return {
    url: questions[0]?.url ?? '',
    connections: clients,
    // It looks so often, in milliseconds, whether it is at the end.
    sampleInt: 50,
    requests,
    ...(requests.length > 1 && {
      setupClient: (client) => {
        const first = Math.floor((begun * requests.length) / clients) % requests.length;
        begun += 1;
        client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
      },
    }),
  };
}

/**
 * Milliseconds from when each request was due until it was answered, at a fixed rate. A request does not wait for the one
 * before, so that a server that stops for a moment is not spared those that were due meanwhile.
 * @throws WrongAnswer if a single answer is wrong.
 */
export async function latencies(
  { who, question, isRight }: Target,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number[]> {
  using client = new Client();
  const from = performance.now();
  const ask = async (due: number): Promise<number> => {
    const answer = await client.ask(question).catch((error: unknown) => ({ status: 0, body: String(error) }));
    if (!isRight(answer)) throw new WrongAnswer(who, answer);
    return performance.now() - due;
  };
  const sent: Promise<number>[] = [];
  while (sent.length < perSecond * seconds) {
    const due = from + (sent.length * 1000) / perSecond;
    if (due <= performance.now()) sent.push(ask(due));
    // A timer would be late by up to a millisecond, which is more than most answers take.
    else await new Promise(setImmediate);
  }
  return await Promise.all(sent);
}
