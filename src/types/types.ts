import { pathToFileURL } from 'node:url';

/** The types of a specification's paths, operations and schemas, by openapi-typescript. It needs TypeScript, so it is loaded late. */
export async function writeTypes(spec: string): Promise<string> {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const nodes = await openapiTS(pathToFileURL(spec), {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    silent: true,
  });
  return astToString(nodes);
}
