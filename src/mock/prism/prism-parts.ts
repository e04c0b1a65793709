// What the mock needs of Prism, by name: a bundler finds the names of a CommonJS module only in a static import.
export { transformOas3Operations } from '@stoplight/http-spec/oas3/operation';
export { createLogger } from '@stoplight/prism-core';
export { createInstance, ProblemJsonError } from '@stoplight/prism-http';
export { DiagnosticSeverity } from '@stoplight/types';
