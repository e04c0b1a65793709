import { isToken, tokenIn, tokenQuestion, WrongAnswer } from './answers.ts';
import { Client, type Answer } from '../../scripts/soak/client.ts';
import type { Contestant } from './server.ts';

/** Asks a server for a token. @throws WrongAnswer */
export async function tokenOf(
  { name, tokenPath = '' }: Pick<Contestant, 'name' | 'tokenPath'>,
  url: string,
  key?: string,
): Promise<string> {
  using client = new Client();
  const answer = await client.ask(tokenQuestion(url + tokenPath, key));
  const token = isToken(answer) ? tokenIn(answer.body) : undefined;
  if (token === undefined) throw new WrongAnswer(name, answer);
  return token;
}

/** Tells the control API something. @throws WrongAnswer unless it does it. */
export async function post(url: string, body: object = {}): Promise<Answer> {
  using client = new Client();
  const headers = { 'Content-Type': 'application/json' };
  const answer = await client.ask({ method: 'POST', url, headers, body: JSON.stringify(body) });
  if (answer.status >= 300) throw new WrongAnswer('the control API', answer);
  return answer;
}
