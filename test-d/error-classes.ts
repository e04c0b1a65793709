// What the classes of errors know, and how a test of a program makes one.
import {
  ArzamedError,
  ForbiddenError,
  UnavailableError,
  type ArzamedFailure,
  type InvalidOptionError,
  type TokenRefusedError,
  type UnexpectedResponseError,
} from 'arzamed-devkit';
import { same } from './same.ts';

declare const caught: unknown;
declare const failure: ArzamedFailure;

// Every class is an error with a code of its own, and what all of them know.
same<Pick<ArzamedError, 'operation' | 'requestId'>, Readonly<Record<'operation' | 'requestId', string | undefined>>>();
same<Pick<ArzamedError, 'upstreamStatus'>, { readonly upstreamStatus: number | undefined }>();
same<Pick<ArzamedError, 'code'>, { readonly code: string }>();
same<Pick<InvalidOptionError, 'option'>, { readonly option: string }>();
same<
  Pick<TokenRefusedError, 'error' | 'errorDescription' | 'errorUri'>,
  Readonly<Record<'error' | 'errorDescription' | 'errorUri', string | undefined>>
>();
same<Pick<UnavailableError, 'retryAfter'>, { readonly retryAfter: number | undefined }>();
same<Pick<UnexpectedResponseError, 'excerpt'>, { readonly excerpt: string | undefined }>();
same<Pick<ForbiddenError, 'name'>, { readonly name: 'ForbiddenError' }>();
const base: ArzamedError = failure;
const error: Error = base;
void error;
if (caught instanceof ForbiddenError) same<typeof caught.code, 'forbidden'>();
if (failure instanceof UnavailableError) same<typeof failure, UnavailableError>();
else same<Extract<typeof failure, UnavailableError>, never>();

// A test of a program makes the error that it wants to see.
void new UnavailableError('unavailable', { operation: 'listDoctors', upstreamStatus: 503, retryAfter: 1000 });
type Given = Partial<
  Record<'operation' | 'requestId' | 'error' | 'errorDescription' | 'errorUri' | 'excerpt', string | undefined>
>;
type Details = ConstructorParameters<typeof ForbiddenError>[1];
same<keyof Details, keyof Given | 'option' | 'cause' | 'endpoint' | 'upstreamStatus' | 'retryAfter'>();
same<Pick<Details, keyof Given>, Given>();
same<
  Pick<Details, 'upstreamStatus' | 'retryAfter'>,
  { upstreamStatus?: number | undefined; retryAfter?: number | undefined }
>();
// @ts-expect-error The base is none that is thrown.
void new ArzamedError('', {});
// @ts-expect-error No error holds a secret.
void new ForbiddenError('', { clientSecret: 'b' });
