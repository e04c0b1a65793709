// What starts a mock in the process of a test, and what it is.
import {
  Problem,
  startMock,
  type AnswerControls,
  type Clock,
  type ErrorStyle,
  type FaultControls,
  type Finding,
  type Findings,
  type Journal,
  type KeyControls,
  type Limits,
  type Mock,
  type MockClinic,
  type MockOptions,
  type MockSandbox,
  type Schedule,
  type Sleep,
  type ProblemCode,
  type Sandboxes,
  type Told,
} from 'arzamed-devkit/mock';
import { same } from './same.ts';

// Nothing has to be said to start one, and it ends with its block.
await using mock = await startMock();
same<typeof mock, Mock>();
same<typeof startMock, (options?: MockOptions) => Promise<Mock>>();
// @ts-expect-error It takes a moment to end.
using early = mock;
void early;
// @ts-expect-error Nobody but `startMock()` makes one.
void new Mock();

// What is left out has a default; so has what is undefined.
same<
  MockOptions,
  {
    host?: string | undefined;
    port?: number | undefined;
    spec?: string | undefined;
    clinics?: string | undefined;
    accounts?: string | undefined;
    publicUrl?: string | undefined;
    signingKey?: string | undefined;
    errorStyle?: ErrorStyle | undefined;
    record?: 'bodies' | undefined;
    providerStates?: string | undefined;
    rewritePhotos?: boolean | undefined;
    scenarios?: string | undefined;
    scenario?: string | undefined;
    seed?: number | undefined;
    sleep?: Sleep | undefined;
    onAnswer?: ((answered: Told) => void) | undefined;
    schedule?: Schedule | undefined;
    onReset?: ((sandbox: string | undefined) => void) | undefined;
    onFinding?: ((finding: Finding) => void) | undefined;
    controlToken?: string | undefined;
    store?: string | undefined;
    storePrefix?: string | undefined;
    limits?: Partial<Limits> | undefined;
    now?: (() => number) | undefined;
  }
>();
same<
  Limits,
  Record<
    | 'connections'
    | 'headerBytes'
    | 'headerSeconds'
    | 'requestSeconds'
    | 'journalEntries'
    | 'sandboxes'
    | 'sandboxIdleSeconds',
    number
  >
>();
same<ErrorStyle, 'rfc6749' | 'cognito'>();
same<Sleep, (milliseconds: number, signal: AbortSignal) => Promise<void>>();

// All that a test has of a mock; a sandbox has the same, and no sandboxes of its own.
type OfBoth =
  | 'id'
  | 'url'
  | 'baseUrl'
  | 'clinics'
  | 'clock'
  | 'keys'
  | 'answers'
  | 'faults'
  | 'journal'
  | 'findings'
  | 'explanations'
  | 'scenarios';
type Acts = 'rotateSigningKeys' | 'reset' | 'close' | typeof Symbol.asyncDispose;
same<keyof MockSandbox, OfBoth | Acts>();
same<keyof Mock, keyof MockSandbox | 'sandboxes' | 'controlToken'>();
same<Pick<MockSandbox, 'url' | 'baseUrl'>, { readonly url: string; readonly baseUrl: string }>();
same<
  Pick<Mock, 'controlToken' | 'sandboxes'>,
  { readonly controlToken: string | undefined; readonly sandboxes: Sandboxes }
>();
same<Pick<MockSandbox, 'id'>, { readonly id: string | undefined }>();
same<Pick<MockSandbox, 'clinics'>, { readonly clinics: readonly MockClinic[] }>();
same<Pick<MockSandbox, 'clock' | 'keys'>, { readonly clock: Clock; readonly keys: KeyControls }>();
same<Pick<MockSandbox, 'answers' | 'faults'>, { readonly answers: AnswerControls; readonly faults: FaultControls }>();
same<Pick<MockSandbox, 'journal' | 'findings'>, { readonly journal: Journal; readonly findings: Findings }>();
same<MockSandbox['rotateSigningKeys'], () => Promise<string>>();
same<MockSandbox['reset'], () => void>();
same<MockSandbox['close'], () => Promise<void>>();
same<MockSandbox[typeof Symbol.asyncDispose], () => Promise<void>>();

// A mistake of a person is told apart by its code.
declare const caught: unknown;
if (caught instanceof Problem) same<typeof caught.code, ProblemCode>();
export const known: ProblemCode[] = [
  ...(['spec_missing', 'spec_unreadable', 'spec_invalid', 'spec_unsupported', 'reference_unresolved'] as const),
  ...([
    'clinics_missing',
    'states_invalid',
    'clinic_unreadable',
    'clinic_invalid',
    'clinic_duplicate',
    'key_duplicate',
  ] as const),
  ...(['fixture_invalid', 'public_url_unusable', 'control_token_unusable', 'signing_key_unusable'] as const),
  ...(['address_in_use', 'address_unavailable'] as const),
];

same<Schedule, (act: () => void, milliseconds: number) => () => void>();
