import type { Fault } from '../mock/faults/faults.ts';
import type { Mock } from '../mock/instances.ts';
import type { AnswerChange, ChangedAnswer } from './answers.ts';

/** What a scenario changes. */
export interface Situation {
  mock: Mock;
  /** The id of the operation that the program calls, and of that which issues tokens. */
  target: string;
  token: string | undefined;
  clientId: string;
  /** The URL of a host that has nothing to do with the API. */
  elsewhere: string;
}

/** One world in which the program is run. */
export interface CertifyScenario {
  id: string;
  /** What the service does, as a sentence. */
  about: string;
  /** Changes the mock before the program starts. */
  arrange?: (world: Situation) => void;
  /** Another answer of the target that the document allows. */
  answer?: AnswerChange | ChangedAnswer;
  /** Lifetime of tokens in seconds, instead of the documented one. */
  lifetime?: number;
  /** Whether the certificates of the API's hosts are signed by an authority that the program does not trust. */
  untrusted?: true;
  /** Whether it is there only for programs that are triggered: it triggers them again when their token has expired. */
  waits?: true;
}

export const faulty =
  (fault: Fault) =>
  ({ mock, target }: Situation): void => {
    mock.faults.add({ operationId: target, ...fault });
  };

const faultyToken =
  (fault: Fault) =>
  ({ mock, token }: Situation): void => {
    if (token !== undefined) mock.faults.add({ operationId: token, ...fault });
  };

const loginPage = '<!doctype html><html><body><form action="/login"><input name="password"></form></body></html>';

/** The first one shows what the program does by itself; the others are compared with it. */
export const scenarios: readonly CertifyScenario[] = [
  { id: 'usual', about: 'Nothing unusual happens.' },
  {
    id: 'token-refused-once',
    about: 'The API refuses the first token.',
    arrange: faulty({ status: 401, count: 1 }),
  },
  { id: 'tokens-refused', about: 'The API refuses all tokens.', arrange: faulty({ status: 401 }) },
  {
    id: 'key-revoked',
    about: 'The key was revoked.',
    arrange: ({ mock, clientId }) => {
      mock.keys.revoke(clientId);
    },
  },
  {
    id: 'unavailable-briefly',
    about: 'The API answers 503 twice.',
    arrange: faulty({ status: 503, count: 2 }),
  },
  { id: 'unavailable', about: 'The API answers 503 to each request.', arrange: faulty({ status: 503 }) },
  {
    id: 'rate-limited',
    about: 'The API answers 429 once, with Retry-After.',
    arrange: faulty({ status: 429, headers: { 'Retry-After': '1' }, count: 1 }),
  },
  { id: 'reset', about: 'Each connection is reset.', arrange: faulty({ delivery: 'reset' }) },
  { id: 'empty-answer', about: 'Answers have no body.', arrange: faulty({ body: '' }) },
  { id: 'truncated', about: 'Answers break off.', arrange: faulty({ delivery: 'truncate' }) },
  {
    id: 'other-type',
    about: 'Answers are plain text.',
    arrange: faulty({ body: 'Maintenance until 6 o’clock.', contentType: 'text/plain' }),
  },
  {
    id: 'login-page',
    about: 'Answers are a login page with status 200.',
    arrange: faulty({ body: loginPage, contentType: 'text/html' }),
  },
  {
    id: 'redirect',
    about: 'The API redirects to another host.',
    arrange: (world) => faulty({ status: 302, headers: { Location: world.elsewhere }, body: '' })(world),
  },
  {
    id: 'token-redirect',
    about: 'The token endpoint redirects to another host.',
    arrange: (world) => faultyToken({ status: 307, headers: { Location: world.elsewhere }, body: '' })(world),
  },
  { id: 'no-answer', about: 'The API does not answer.', arrange: faulty({ delay: { milliseconds: 600_000 } }) },
  {
    id: 'token-unavailable',
    about: 'The token endpoint answers 503 to each request.',
    arrange: faultyToken({ status: 503 }),
  },
  {
    id: 'client-refused',
    about: 'The token endpoint refuses the credentials.',
    arrange: faultyToken({ status: 401, body: { error: 'invalid_client' } }),
  },
  { id: 'expires-in-short', about: 'The token answer says 60 seconds.', arrange: faultyToken({ expiresIn: 60 }) },
  {
    id: 'expires-in-text',
    about: 'The token answer has the lifetime as a string.',
    arrange: faultyToken({ expiresIn: '3600' }),
  },
  {
    id: 'expires-in-missing',
    about: 'The token answer has no lifetime.',
    arrange: faultyToken({ expiresIn: null }),
  },
  { id: 'unknown-fields', about: 'Answers have fields that are not documented.', answer: 'unknown fields' },
  { id: 'null-values', about: 'All values that may be null are null.', answer: 'nulls' },
  { id: 'empty-list', about: 'The list is empty.', answer: 'empty list' },
  { id: 'many-items', about: 'The list has 200 items.', answer: 'many items' },
  { id: 'every-script', about: 'Texts are in many scripts.', answer: 'every script' },
  { id: 'other-order', about: 'The list has another order.', answer: 'other order' },
  { id: 'untrusted', about: "The API's certificate is of an unknown authority.", untrusted: true },
  { id: 'expiring', about: 'Tokens live for two seconds.', lifetime: 2, waits: true },
];
