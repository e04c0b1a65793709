import type { IncomingMessage, ServerResponse } from 'node:http';
import { createApp } from './http/pipeline.ts';
import { Controls } from './control/controls.ts';
import type { Handle } from './http/server.ts';
import { Sandbox } from './state/sandbox.ts';
import { Shortcut } from './http/fast-path.ts';
import type { SandboxParts } from './state/settings.ts';
import type { Sandboxes } from './sandboxes.ts';

/** The sandbox that is played under a URL at present, and the way of a request through it. */
export class World {
  readonly #parts: SandboxParts;
  readonly #sandboxes: Sandboxes | undefined;
  #sandbox: Sandbox;
  #controls: Controls;
  #handle: Handle;
  #shortcut: Shortcut;

  /** @param sandboxes the other worlds of the mock, if this is the one that may make them. */
  constructor(parts: SandboxParts, sandboxes?: Sandboxes) {
    this.#parts = parts;
    this.#sandboxes = sandboxes;
    [this.#sandbox, this.#controls, this.#shortcut, this.#handle] = this.#begin();
  }

  get url(): string {
    return this.#sandbox.url;
  }

  get baseUrl(): string {
    return this.#sandbox.baseUrl;
  }

  get controls(): Controls {
    this.#sandbox.answers.catchUp();
    return this.#controls;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#shortcut.take(request, response)) this.#handle(request, response);
  }

  /** Puts a new sandbox in the place of the old one: everything is again as it was at the start. */
  reset(): void {
    this.close();
    this.#parts.tellReset();
    [this.#sandbox, this.#controls, this.#shortcut, this.#handle] = this.#begin();
  }

  /** Ends the streams of the journal, and tells of no more findings. */
  close(): void {
    this.#sandbox.end();
  }

  #begin(): [Sandbox, Controls, Shortcut, Handle] {
    const sandbox = new Sandbox(this.#parts);
    const controls = new Controls(sandbox);
    const app = createApp(sandbox, controls, { reset: () => this.reset(), sandboxes: this.#sandboxes });
    return [sandbox, controls, new Shortcut(sandbox), app];
  }
}
