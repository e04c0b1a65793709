import type { Clinic } from './clinics/clinic.ts';

/** What each clinic of a sandbox answers: as its file has it, until it is replaced. */
export class Fixtures {
  readonly #files: ReadonlyMap<string, Clinic>;
  readonly #clinics: Map<string, Clinic>;

  constructor(clinics: readonly Clinic[]) {
    this.#files = new Map(clinics.map((clinic) => [clinic.id, clinic]));
    this.#clinics = new Map(this.#files);
  }

  clinic(id: string): Clinic | undefined {
    return this.#clinics.get(id);
  }

  /** The ids of the clinics, in order. */
  ids(): string[] {
    return [...this.#clinics.keys()];
  }

  /** Gives a clinic another answer to an operation. False where there is no such clinic. */
  replace(id: string, operationId: string, body: unknown): boolean {
    const clinic = this.#clinics.get(id);
    if (!clinic) return false;
    this.#clinics.set(id, { ...clinic, responses: new Map([...clinic.responses, [operationId, body]]) });
    return true;
  }

  /** Gives a clinic the answer of its file again. False where there is no such clinic. */
  restore(id: string, operationId: string): boolean {
    const file = this.#files.get(id);
    const clinic = this.#clinics.get(id);
    if (!file || !clinic) return false;
    const responses = new Map(clinic.responses);
    responses.delete(operationId);
    if (file.responses.has(operationId)) responses.set(operationId, file.responses.get(operationId));
    this.#clinics.set(id, { ...clinic, responses });
    return true;
  }
}
