// What a test reads of why requests were answered as they were, and of scenarios.
import type {
  ExplainedCause,
  Explanation,
  Explanations,
  Mock,
  Scenarios,
  ShownScenario,
  Story,
} from 'arzamed-devkit/mock';
import { same } from './same.ts';

declare const mock: Mock;

same<Mock['explanations'], Explanations>();
same<keyof Explanations, 'list' | 'of'>();
same<Explanations['list'], () => Promise<ExplainedCause[]>>();
same<Explanations['of'], (id: number) => Promise<Story>>();
same<Explanation['whose'], 'program' | 'fixture' | 'specification' | 'mock'>();
same<Explanation['kind'], 'finding' | 'refusal' | 'fault'>();
same<Pick<ExplainedCause, 'count' | 'entries'>, { count: number; entries: number[] }>();
same<Story['explanations'], Explanation[]>();
// @ts-expect-error A request is named by its number.
void mock.explanations.of('1');

same<keyof Scenarios, 'list' | 'start' | 'stop'>();
same<Scenarios['list'], () => Promise<ShownScenario[]>>();
same<Scenarios['start'], (name: string) => Promise<ShownScenario>>();
same<Scenarios['stop'], (name: string) => Promise<ShownScenario>>();
same<keyof ShownScenario, 'name' | 'about' | 'running' | 'steps'>();
