// The toolkit's client in a program that prints the names of a list, twice fetched.
import { createClientFromEnv } from '../../../src/client/index.ts';

/** Runs the program once. @returns its exit code. */
export async function main(env, print) {
  try {
    const client = createClientFromEnv({ attemptTimeout: 3000, totalTimeout: 5000, random: () => 0.1 }, env);
    const items = await client.listDoctors();
    await client.listDoctors();
    print(items.map(({ name }) => `${name}\n`).join(''));
    return 0;
  } catch (error) {
    print(`${error.message}\n`);
    return 1;
  }
}

if (import.meta.main) process.exitCode = await main(process.env, (text) => process.stdout.write(text));
