// What a command needs to run somebody's unmodified program against the mock.
export { inheritedProxy } from './no-proxy.ts';
export { prepareChild, type ChildOptions, type PreparedChild } from './prepare.ts';
export { printEnvironment, shells, type Shell } from './print-environment.ts';
export { runChild, type ChildEnded, type Command } from './run.ts';
export type { Credentials } from './environment.ts';
