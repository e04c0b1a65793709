import type { GlobalContext, OpenAPI3 } from 'openapi-typescript';
import { Problem } from '../util/errors.ts';
import { messageOf } from '../spec/thrown.ts';
import type { Generator } from './generator.ts';

/**
 * Has openapi-typescript write the types of a prepared document, as JSON.
 *
 * Its own entry hands each document to Redocly first, which reads references from files and from the web, does not end
 * with a thousand schemas that refer to each other, and stumbles over names such as `__proto__`. References lead
 * nowhere else by now and OpenAPI's own schema has accepted the document, so that its transformation alone is enough.
 * @returns the text of `paths`, `webhooks` and `components`, and that of what follows.
 * @throws Problem if it meets something that it has no type for.
 */
export async function print({ openapi }: Generator, json: string, name: string): Promise<[string, string]> {
  try {
    const document: unknown = JSON.parse(json);
    assertPrepared(document);
    const nodes = openapi.transformSchema(document, {
      ...(await defaults(openapi)),
      injectFooter: [],
      discriminators: openapi.scanDiscriminators(document, { silent: true }),
      resolve: ($ref) => openapi.resolveRef(document, $ref, { silent: true }),
    });
    return [openapi.astToString(nodes.slice(0, 3)), openapi.astToString(nodes.slice(3))];
  } catch (error) {
    throw new Problem(
      {
        code: 'types_impossible',
        what: 'openapi-typescript cannot write the types of this specification.',
        where: name,
        facts: { reason: messageOf(error) },
        remedy: 'Correct the specification at this place; `npx @redocly/cli lint FILE` says more.',
      },
      { cause: error },
    );
  }
}

/** All settings as they are where none is given, which openapi-typescript tells to a hook alone. */
async function defaults(openapi: Generator['openapi']): Promise<GlobalContext> {
  let told: GlobalContext | undefined;
  const least = {
    openapi: '3.1.0',
    info: { title: '', version: '' },
    components: { schemas: { A: { type: 'null' } } },
  };
  await openapi.default(JSON.stringify(least), {
    silent: true,
    transform: (_, { ctx }) => {
      told = { ...ctx, transform: undefined };
      return undefined;
    },
  });
  if (!told) throw new Error('This version of openapi-typescript is another than the one that is known.');
  return told;
}

/** What `prepare()` made is what openapi-typescript takes for a document. */
function assertPrepared(_document: unknown): asserts _document is OpenAPI3 {}
