/**
 * What runs in the verifier's own process. Pact's native part prints what the provider answered, personal data included, and
 * nothing within its own process can keep it from that. It is a text, so that it runs from the sources and from a bundle
 * alike, and finds Pact where the user's project has it: beside `process.argv[1]`, else beside this package.
 */
export const verifierProgram = `
import { createRequire } from 'node:module';
process.on('disconnect', () => process.exit());
const find = (from) => {
  try {
    return createRequire(from)('@pact-foundation/pact-core').default;
  } catch (error) {
    return { reason: String(error?.message).split('\\n')[0] };
  }
};
let pact;
for (const from of process.argv.slice(1)) {
  pact = find(from);
  if (!pact.reason) break;
}
process.on('message', async ({ id, options }) => {
  try {
    process.send({ id, text: await pact.verifyPacts(options) });
  } catch (error) {
    process.send({ id, text: String(error?.message ?? error) });
  }
});
process.send({ id: 0, text: pact.reason ?? '' });
`;
