import { Problem } from '../util/errors.ts';
import { messageOf } from '../spec/thrown.ts';
import type { Contract, Interaction, Message } from './model.ts';
import { fieldsOf } from './input.ts';
import { flawsOf, type Flaw } from '../contract/pact/flaw.ts';
import { readInteraction, readMessage } from '../contract/pact/read-interaction.ts';
import { readVersion } from '../contract/pact/version.ts';

/**
 * Reads the text of a Pact file.
 * @param file as the user named it.
 * @throws Problem if it is no JSON, no Pact file of version 2, 3 or 4, or has no interaction.
 */
export function readContract(file: string, text: string): Contract {
  const content = parse(file, text);
  const fields = fieldsOf(content);
  const { consumer, provider, interactions = [], messages = [] } = fields ?? {};
  const [from, to] = [nameOf(consumer), nameOf(provider)];
  if (!fields || from === undefined || to === undefined) throw noPact(file);
  const version = readVersion(file, fields['metadata']);
  const flaw = flawsOf(file);
  if (!Array.isArray(interactions)) throw flaw(['interactions'], 'a list of interactions');
  const read = interactions.map((each: unknown, index) =>
    readInteraction(each, index, version, flaw.at('interactions', String(index))),
  );
  const contract = {
    file,
    content,
    version,
    consumer: from,
    provider: to,
    interactions: read.filter(isHttp),
    messages: [...read.filter(isMessage), ...readMessages(messages, flaw.at('messages'))],
  };
  if (read.length + contract.messages.length === 0) throw emptyContract(file);
  return contract;
}

function isHttp(each: Interaction | Message): each is Interaction {
  return 'request' in each;
}

function isMessage(each: Interaction | Message): each is Message {
  return !isHttp(each);
}

/** Version 3 has messages in a list of their own. */
function readMessages(messages: unknown, flaw: Flaw): Message[] {
  if (!Array.isArray(messages)) throw flaw([], 'a list of messages');
  return messages.map((each: unknown, index) => {
    const fields = fieldsOf(each);
    if (!fields) throw flaw([String(index)], 'a message');
    return readMessage(fields, 'Asynchronous/Messages', flaw.at(String(index)));
  });
}

function parse(file: string, text: string): unknown {
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return content;
  } catch (error) {
    throw new Problem(
      {
        code: 'contract_unreadable',
        what: 'The contract is not JSON.',
        where: file,
        facts: { reason: messageOf(error).split('\n')[0] },
        remedy: 'Write it anew with the tests of the consumer, or name another file or folder with --contracts.',
      },
      { cause: error },
    );
  }
}

function nameOf(party: unknown): string | undefined {
  const name = fieldsOf(party)?.['name'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function noPact(file: string): Problem {
  return new Problem({
    code: 'contract_invalid',
    what: 'This is JSON, but no Pact file.',
    where: file,
    facts: { expected: 'consumer and provider with their names, and interactions' },
    remedy: 'Name a Pact file, or a folder that holds nothing but Pact files, with --contracts.',
  });
}

function emptyContract(file: string): Problem {
  return new Problem({
    code: 'contract_empty',
    what: 'The contract has no interaction, so it would hold whatever the provider does.',
    where: file,
    remedy: 'Run the tests of the consumer, and look whether they still write this contract.',
  });
}
