import type { IncomingMessage, ServerResponse } from 'node:http';
import { createApp } from './app.ts';
import { Controls } from './control/controls.ts';
import { Sandbox, type SandboxParts } from './sandbox.ts';

/** The sandbox that a mock plays at present, and the way of a request through it. */
export class World {
  readonly #parts: SandboxParts;
  #controls: Controls;
  #handle: (request: IncomingMessage, response: ServerResponse) => void;

  constructor(parts: SandboxParts) {
    this.#parts = parts;
    [this.#controls, this.#handle] = this.#begin();
  }

  get controls(): Controls {
    return this.#controls;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#handle(request, response);
  }

  /** Puts a new sandbox in the place of the old one: everything is again as it was at the start. */
  reset(): void {
    [this.#controls, this.#handle] = this.#begin();
  }

  #begin(): [Controls, (request: IncomingMessage, response: ServerResponse) => void] {
    const sandbox = new Sandbox(this.#parts);
    const controls = new Controls(sandbox);
    return [controls, createApp(sandbox, controls, () => this.reset())];
  }
}
