// The types of the API, for a project that has a client of its own.
import type {
  $defs,
  components,
  Doctor,
  ErrorBody,
  HeaderCacheControl,
  operations,
  ParameterClinic,
  paths,
  Token,
  TokenError,
  TokenRequest,
  webhooks,
} from 'arzamed-devkit/types';
import { same, type RequiredKeys } from './same.ts';

// By path and method, by operation, and by the name of a component, it is one and the same.
same<keyof paths, '/auth/{clinic}/oauth2/token' | '/equipe/doctors'>();
same<keyof operations, 'requestToken' | 'listDoctors'>();
same<paths['/equipe/doctors']['get'], operations['listDoctors']>();
same<paths['/auth/{clinic}/oauth2/token']['post'], operations['requestToken']>();
same<paths['/equipe/doctors']['post'], undefined>();
type Responses = operations['listDoctors']['responses'];
same<RequiredKeys<Responses>, 200 | 401 | 403 | 503>();
same<Responses[200]['content'], { 'application/json': Doctor[] }>();
same<Responses[401]['headers']['WWW-Authenticate'], string>();
same<Responses[403]['headers']['WWW-Authenticate'], string | undefined>();
same<
  { [Status in 401 | 403 | 503]: Responses[Status]['content'] },
  Record<401 | 403 | 503, { 'application/json': ErrorBody }>
>();
same<operations['listDoctors']['requestBody'], undefined>();
same<operations['requestToken']['parameters']['path'], { clinic: string }>();
same<operations['requestToken']['requestBody']['content'], { 'application/x-www-form-urlencoded': TokenRequest }>();
type Answers = operations['requestToken']['responses'];
same<RequiredKeys<Answers>, 200 | 400 | 401>();
same<Answers[200]['content'], { 'application/json': Token }>();
same<Answers[400]['content'], { 'application/json': TokenError }>();
same<Answers[401]['content'], { 'application/json': TokenError }>();
same<Answers[200 | 400 | 401]['headers']['Cache-Control'], string>();
same<Answers[401]['headers']['WWW-Authenticate'], string>();
same<keyof components['schemas'], 'TokenRequest' | 'Token' | 'TokenError' | 'Doctor' | 'ErrorBody'>();
same<webhooks, Record<string, never>>();
same<$defs, Record<string, never>>();

same<Doctor, { name: string; profileImage: string | null }>();
same<Token, { access_token: string; token_type: 'Bearer'; expires_in: number }>();
same<TokenRequest, { grant_type: 'client_credentials'; scope: string }>();
same<TokenError['error_description'], string | undefined>();
same<
  TokenError['error'],
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
>();
same<ErrorBody, { message: string }>();
same<ParameterClinic, string>();
same<HeaderCacheControl, string>();

export const photo: Doctor = { name: 'Dr. Anna Rossi', profileImage: 'https://a.example/photo.jpg' };
export const none: Doctor = { name: 'Dr. Anna Rossi', profileImage: null };
// @ts-expect-error A doctor without a photo has null, and the field.
export const forgotten: Doctor = { name: 'Dr. Anna Rossi' };
// @ts-expect-error No other grant gives a token.
export const grant: TokenRequest['grant_type'] = 'password';
// @ts-expect-error There is no such path.
export type Patients = paths['/patients'];
