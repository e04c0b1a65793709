// What a program asks of the client, and what it gets.
import {
  createClient,
  createClientFromEnv,
  type Call,
  type Called,
  type CallPromise,
  type Client,
  type Environment,
  type Input,
  type OperationId,
  type Result,
} from 'arzamed-devkit';
import type { Doctor } from 'arzamed-devkit/types';
import { same } from './same.ts';

declare const environment: { [name: string]: string | undefined };

const client = createClient({ tokenUrl: 'https://a.example', clientId: 'a', clientSecret: 'b' });
same<typeof client, Client>();
same<ReturnType<typeof createClientFromEnv>, Client>();

// The environment is that of the process, or any like it; what it holds is no option.
same<Environment, Record<string, string | undefined>>();
createClientFromEnv();
createClientFromEnv({ attempts: 1 }, environment);
// @ts-expect-error The environment holds it.
createClientFromEnv({ clientSecret: 'b' });
// @ts-expect-error A variable is a text.
createClientFromEnv({}, { ARZAMED_CLIENT_ID: 1 });

// One method for each operation; the token is the client's own business.
same<OperationId, 'listDoctors'>();
same<keyof Client, OperationId>();
same<Client['listDoctors'], Call<'listDoctors'>>();
// @ts-expect-error There is no such method.
void client.requestToken;
// @ts-expect-error A method is not replaced.
client.listDoctors = createClientFromEnv().listDoctors;

// A method gives a promise of the body, and on request the answer around it.
const called = client.listDoctors();
same<typeof called, CallPromise<Doctor[]>>();
same<Result<'listDoctors'>, Doctor[]>();
same<Awaited<typeof called>, { name: string; profileImage: string | null }[]>();
const whole = await called.withResponse();
same<typeof whole, Called<Doctor[]>>();
same<Called<Doctor[]>, { data: Doctor[]; response: Response }>();
same<CallPromise<Doctor[]>['withResponse'], () => Promise<Called<Doctor[]>>>();
const promise: Promise<Doctor[]> = called;
void promise;

// An element may be missing, and a photo may be null.
const [first] = await called;
// @ts-expect-error There may be no photo.
first?.profileImage.toUpperCase();
// @ts-expect-error The specification knows no such field.
void first?.id;

// Nothing is asked for; a signal may be given.
same<Parameters<Client['listDoctors']>, [input?: Input<'listDoctors'>]>();
same<Input<'listDoctors'>['signal'], AbortSignal | undefined>();
client.listDoctors({});
client.listDoctors({ signal: AbortSignal.timeout(1000) });
// @ts-expect-error It is the signal that is asked for.
client.listDoctors({ signal: new AbortController() });
// @ts-expect-error The operation takes no query.
client.listDoctors({ query: { page: 1 } });
// @ts-expect-error The operation takes no body.
client.listDoctors({ body: {} });
// @ts-expect-error There is no such operation.
type Unknown = Result<'listPatients'>;
export type { Unknown };
