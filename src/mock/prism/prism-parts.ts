// What the mock needs of Prism, by name: a bundler finds the names of a CommonJS module only in a static import.
export { createLogger } from '@stoplight/prism-core';
export { createInstance, getHttpOperationsFromSpec, ProblemJsonError } from '@stoplight/prism-http';
export { DiagnosticSeverity } from '@stoplight/types';
