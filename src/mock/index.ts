export { startMock } from './start-mock.ts';
export type { Mock, MockSandbox, NewSandbox, Sandboxes } from './instances.ts';
export type { Limits, MockOptions } from './options.ts';
export type { ErrorStyle, Schedule, Sleep } from './state/environment.ts';
export type {
  Answered,
  Follower,
  Journal,
  JournalEntry,
  JournalFilter,
  RecordedRequest,
  RecordedAnswer,
  RefusalReason,
  Told,
} from './state/journal.ts';
export type { OrAccount } from './clinics/account.ts';
export type { Clock, Duration } from './state/clock.ts';
export type { NewKey } from './state/keys.ts';
export type { ExplainedCause, Explanation, Explanations, Story } from './findings/explanations.ts';
export type { Finding, Findings } from './findings/findings.ts';
export type { Severity } from './findings/watches.ts';
export type {
  AnswerControls,
  FaultControls,
  KeyControls,
  MockClinic,
  ReplaceOptions,
  ShownKey,
} from './control/controls.ts';
export type { Delay, Delivery, Fault, SetFault } from './faults/faults.ts';
export type { Scenarios, ShownScenario } from './control/scenarios.ts';
export { ControlError, type ControlErrorCode } from './control/control-error.ts';
export { Problem, type ProblemCode } from '../util/errors.ts';
