// What a test reads of what a mock was asked, and of what its clients do wrong.
import type {
  Answered,
  Finding,
  Findings,
  Follower,
  Journal,
  JournalEntry,
  JournalFilter,
  Mock,
  RecordedAnswer,
  RecordedRequest,
  RefusalReason,
  Severity,
  Told,
} from 'arzamed-devkit/mock';
import { same, type RequiredKeys } from './same.ts';

declare const mock: Mock;

same<
  Answered,
  {
    method: string;
    path: string;
    operationId: string | undefined;
    clinic: string | undefined;
    clientId: string | undefined;
    tokenId: string | undefined;
    authentication: 'basic' | 'form' | 'bearer' | 'key' | undefined;
    status: number | undefined;
    reason: RefusalReason | undefined;
    fault: string | undefined;
    broken: true | undefined;
    retryAfter: number | undefined;
    violations: string[] | undefined;
    credentialsInQuery: string[] | undefined;
    origin: string | undefined;
    request: RecordedRequest | undefined;
    response: RecordedAnswer | undefined;
    milliseconds: number;
  }
>();
same<
  RecordedRequest,
  { query: { [name: string]: string[] }; headers: { [name: string]: string }; body: string | undefined }
>();
same<Omit<JournalEntry, 'id' | 'time'>, Omit<Answered, never>>();
same<Pick<JournalEntry, 'id' | 'time'>, { id: number; time: string }>();
same<RecordedAnswer, { headers: { [name: string]: string }; body: string | undefined }>();
same<Omit<Told, 'sandbox' | 'effect'>, Omit<JournalEntry, never>>();
same<Told['sandbox' | 'effect'], string | undefined>();
same<RequiredKeys<Told>, keyof JournalEntry>();

same<keyof Journal, 'find' | 'follow' | 'newest' | 'count' | 'dropped' | 'clear'>();
same<Journal['find'], (filter?: JournalFilter) => JournalEntry[]>();
same<Journal['count'], (filter?: JournalFilter) => number>();
same<Journal['follow'], (filter: JournalFilter, follower: Follower) => () => void>();
same<Journal['clear'], () => void>();
same<Pick<Journal, 'newest' | 'dropped'>, { readonly newest: number; readonly dropped: number }>();
same<Follower['entry'], (entry: JournalEntry) => void>();
same<RequiredKeys<Follower>, 'entry'>();
same<ReturnType<NonNullable<Follower['end']>>, void>();

type Texts = 'operationId' | 'clinic' | 'clientId' | 'tokenId' | 'reason' | 'fault' | 'method';
same<keyof JournalFilter, Texts | 'status' | 'after'>();
same<RequiredKeys<JournalFilter>, never>();
same<JournalFilter[Texts], string | undefined>();
same<Pick<JournalFilter, 'status' | 'after'>, { status?: number | undefined; after?: number | undefined }>();
mock.journal.find({ operationId: 'listDoctors', status: 401, clinic: undefined });
// @ts-expect-error Entries are not told apart by it.
mock.journal.find({ path: '/equipe/doctors' });
// @ts-expect-error A status is a number.
mock.journal.count({ status: '401' });

same<
  Finding,
  {
    id: string;
    severity: Severity;
    message: string;
    remedy: string;
    source: string;
    clientId: string | undefined;
    operationId: string | undefined;
    times: number;
    entries: number[];
  }
>();
same<Severity, 'info' | 'warn' | 'error'>();
same<keyof Findings, 'list' | 'conclude' | 'clear'>();
same<Findings['list'], () => Finding[]>();
same<Findings['conclude'], () => Finding[]>();
same<Findings['clear'], () => void>();
