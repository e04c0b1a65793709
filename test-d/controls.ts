// What a test changes of a mock while it runs.
import { createClient } from 'arzamed-devkit';
import {
  ControlError,
  type AnswerControls,
  type Clock,
  type ControlErrorCode,
  type Delay,
  type Delivery,
  type Duration,
  type Fault,
  type FaultControls,
  type KeyControls,
  type Mock,
  type MockClinic,
  type NewKey,
  type OrAccount,
  type ReplaceOptions,
  type SetFault,
  type ShownKey,
} from 'arzamed-devkit/mock';
import { same, type RequiredKeys } from './same.ts';

declare const mock: Mock;

// A key, as it is shown, is what a client needs.
same<MockClinic, { clinic: string; tokenUrl: string; keys: ShownKey[] }>();
same<ShownKey, { clientId: string; clientSecret: string; status: 'active' | 'revoked' | 'expired' }>();
const key = mock.keys.issue({ clinic: 'bianchi' });
createClient({ tokenUrl: mock.clinics[0]?.tokenUrl ?? '', ...key, baseUrl: mock.baseUrl });
// @ts-expect-error What is shown is not to be changed.
mock.clinics.push({ clinic: 'a', tokenUrl: 'b', keys: [] });
same<keyof KeyControls, 'list' | 'issue' | 'revoke' | 'expire' | 'restore'>();
same<KeyControls['list'], (clinic: string) => ShownKey[]>();
same<KeyControls['issue'], (key: OrAccount<NewKey>) => ShownKey>();
mock.keys.issue({ account: 'bianchi' });
same<KeyControls['revoke'], (clientId: string) => ShownKey>();
same<KeyControls['expire'], (clientId: string) => ShownKey>();
same<KeyControls['restore'], (clientId: string) => ShownKey>();
same<RequiredKeys<NewKey>, 'clinic'>();
same<Pick<NewKey, 'clientId' | 'clientSecret'>, { clientId?: string | undefined; clientSecret?: string | undefined }>();
same<Pick<NewKey, 'expiresAt'>, { expiresAt?: Date | undefined }>();
// @ts-expect-error It is a date, no text.
mock.keys.issue({ clinic: 'bianchi', expiresAt: '2036-01-01T00:00:00Z' });

same<keyof Clock, 'now' | 'set' | 'advance' | 'reset'>();
same<Clock['now'], () => number>();
same<Clock['set'], (instant: Date) => void>();
same<Clock['advance'], (duration: Duration) => void>();
same<Clock['reset'], () => void>();
same<keyof Duration, 'days' | 'hours' | 'minutes' | 'seconds' | 'milliseconds'>();
same<RequiredKeys<Duration>, never>();
same<Duration[keyof Duration], number | undefined>();
mock.clock.advance({ hours: 1, minutes: -1 });
// @ts-expect-error How far is said with its unit.
mock.clock.advance(3600);

same<keyof AnswerControls, 'replace' | 'restore'>();
same<AnswerControls['replace'], (clinic: string, operationId: string, body: unknown, how?: ReplaceOptions) => void>();
same<AnswerControls['restore'], (clinic: string, operationId: string) => void>();
same<ReplaceOptions, { unchecked?: boolean | undefined; additive?: boolean | undefined }>();

same<keyof FaultControls, 'add' | 'list' | 'clear'>();
same<FaultControls['add'], (fault: OrAccount<Fault>) => SetFault>();
mock.faults.add({ account: 'bianchi', status: 503 });
same<FaultControls['list'], () => SetFault[]>();
same<FaultControls['clear'], (id?: string) => void>();
same<
  Fault,
  {
    operationId?: string | undefined;
    clinic?: string | undefined;
    count?: number | undefined;
    probability?: number | undefined;
    seconds?: number | undefined;
    limit?: { requests: number; seconds: number } | undefined;
    delay?: Delay | undefined;
    status?: number | undefined;
    example?: string | undefined;
    headers?: Record<string, string> | undefined;
    body?: unknown;
    delivery?: Delivery | undefined;
    contentType?: string | undefined;
    expiresIn?: number | string | null | undefined;
  }
>();
same<Omit<SetFault, 'id'>, Omit<Fault, never>>();
same<SetFault['id'], string>();
same<Delivery, 'reset' | 'close' | 'truncate' | 'garbage' | 'slow' | 'chunked'>();
same<Delay, { milliseconds: number } | { from: number; to: number } | { median: number; sigma: number }>();
mock.faults.clear(mock.faults.add({ operationId: 'requestToken', status: 503, count: 2 }).id);
// @ts-expect-error A delay is said with its unit.
mock.faults.add({ delay: 3000 });
// @ts-expect-error Both bounds are needed.
mock.faults.add({ delay: { from: 100 } });
// @ts-expect-error There is no such way to fail.
mock.faults.add({ delivery: 'timeout' });

// What the mock does not do is told apart by its code.
same<ControlErrorCode, 'bad_request' | 'not_found' | 'conflict' | 'invalid' | 'too_many'>();
declare const caught: unknown;
if (caught instanceof ControlError) same<Pick<typeof caught, 'code'>, { readonly code: ControlErrorCode }>();
