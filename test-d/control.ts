// What a program asks of a mock in another process.
import {
  ControlRefusedError,
  createControlClient,
  type ControlClient,
  type ControlClientOptions,
  type ControlOperationId,
} from 'arzamed-devkit/control';
import { same } from './same.ts';

same<
  ControlClientOptions,
  {
    url: string;
    token?: string | undefined;
    fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  }
>();
const control = createControlClient({ url: 'http://127.0.0.1:4010', token: undefined, fetch });
same<typeof control, ControlClient>();
// @ts-expect-error A mock can be anywhere.
createControlClient({});

// One method for each operation that answers once.
same<keyof ControlClient, ControlOperationId>();
same<
  ControlOperationId,
  | 'getHealth'
  | 'getSpecification'
  | 'reset'
  | 'listCredentials'
  | 'rotateSigningKeys'
  | 'changeProviderState'
  | `${'issue' | 'revoke' | 'expire' | 'restore'}Key`
  | `${'read' | 'check' | 'replace' | 'restore'}Answer`
  | 'addFault'
  | 'listFaults'
  | 'clearFault'
  | 'clearFaults'
  | `${'read' | 'count' | 'clear'}Journal`
  | 'listFindings'
  | 'listExplanations'
  | 'explainEntry'
  | 'listScenarios'
  | `${'start' | 'stop'}Scenario`
  | `${'create' | 'end'}Sandbox`
  | 'listSandboxes'
  | `${'get' | 'set' | 'reset' | 'advance'}Clock`
>();
// @ts-expect-error A stream is for `fetch` and `EventSource`.
void control.streamJournal;

// What is required is asked for, what is optional may be left out, and no more than that is taken.
control.revokeKey({ path: { clientId: 'bianchi-backend' } });
// @ts-expect-error Which key?
control.revokeKey();
// @ts-expect-error Which key?
control.revokeKey({ path: {} });
// @ts-expect-error A key is revoked by the id of its client.
control.revokeKey({ path: { clinic: 'bianchi' } });
control.replaceAnswer({ path: { clinic: 'bianchi', operationId: 'listDoctors' }, body: { body: [], unchecked: true } });
// @ts-expect-error By which answer?
control.replaceAnswer({ path: { clinic: 'bianchi', operationId: 'listDoctors' } });
control.addFault({ body: { status: 503, count: 2, delay: { from: 1, to: 2 } } });
// @ts-expect-error A status is a number.
control.addFault({ body: { status: '503' } });
control.readJournal();
control.readJournal({ query: { operationId: 'listDoctors' }, signal: AbortSignal.timeout(1000) });
// @ts-expect-error Entries are not told apart by it.
control.readJournal({ query: { path: '/' } });
control.listFindings({ query: { ended: 'true' } });
// @ts-expect-error In a URL it is a text.
control.listFindings({ query: { ended: true } });
control.createSandbox();
control.createSandbox({ body: { errorStyle: 'cognito', seed: 2 } });
// @ts-expect-error There is no such style.
control.createSandbox({ body: { errorStyle: 'auth0' } });

// What comes back is what the specification says; nothing, where it says nothing.
type Result<Id extends ControlOperationId> = ReturnType<ControlClient[Id]> extends Promise<infer Found> ? Found : never;
type Key = { clientId: string; clientSecret: string; status: 'active' | 'revoked' | 'expired' };
same<Result<'getHealth'>, { status: 'ok'; api: { title: string; version: string }; clinics: string[] }>();
same<Result<'issueKey' | 'revokeKey' | 'expireKey' | 'restoreKey'>, Key>();
same<Result<'listCredentials'>, { clinic: string; tokenUrl: string; keys: Key[] }[]>();
same<Result<'rotateSigningKeys'>, { kid: string }>();
same<Result<'getClock' | 'setClock' | 'resetClock' | 'advanceClock'>, { now: string }>();
same<Result<'addFault'>, Result<'listFaults'>[number]>();
same<Result<'addFault'>['id'], string>();
same<Result<'countJournal'>, { count: number; dropped: number }>();
same<keyof Result<'readJournal'>, 'entries' | 'dropped'>();
same<Result<'readJournal'>['entries'][number]['status'], number | undefined>();
same<Result<'readJournal'>['entries'][number]['time'], string>();
same<Result<'listFindings'>['findings'][number]['severity'], 'info' | 'warn' | 'error'>();
same<Result<'createSandbox'>, Result<'listSandboxes'>[number]>();
same<keyof Result<'createSandbox'>, 'id' | 'url' | 'baseUrl' | 'controlUrl' | 'clinics'>();
same<Result<'changeProviderState'>, { [name: string]: string }>();
type Nothing =
  | 'reset'
  | 'replaceAnswer'
  | 'restoreAnswer'
  | 'clearFault'
  | 'clearFaults'
  | 'clearJournal'
  | 'endSandbox';
same<Result<Nothing>, undefined>();

// A refusal says which operation, and with which status.
declare const caught: unknown;
if (caught instanceof ControlRefusedError) same<Pick<typeof caught, 'operation'>, { readonly operation: string }>();
same<Pick<ControlRefusedError, 'status'>, { readonly status: number }>();
