import { afterAll, beforeAll, jest } from '@jest/globals';
import { Verifier } from '../../src/verify/provider/pact-verifier.ts';

/**
 * Gives all tests of a file one process of Pact's verifier, which takes longer to start than to verify an interaction.
 * It keeps nothing between two verifications.
 */
export function shareVerifier(): void {
  let end = async (): Promise<void> => undefined;
  beforeAll(async () => {
    const verifier = await Verifier.start();
    const start = jest.spyOn(Verifier, 'start').mockResolvedValue(verifier);
    const dispose = jest.spyOn(verifier, Symbol.asyncDispose).mockResolvedValue();
    end = async () => {
      start.mockRestore();
      dispose.mockRestore();
      await verifier[Symbol.asyncDispose]();
    };
  });
  afterAll(() => end());
}
