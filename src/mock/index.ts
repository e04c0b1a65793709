export { startMock, type Mock, type MockClinic, type MockOptions } from './start.ts';
export { Problem, type ProblemCode } from '../spec/problem.ts';
