import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Clinic } from '../mock/clinics/clinic.ts';
import type { Api } from '../openapi/api.ts';
import { toJsonSchema2020 } from '../spec/dialect.ts';
import { toPointer } from '../util/json.ts';
import { successSchema } from '../openapi/responses.ts';
import { successExamples } from '../offline/photos/success-examples.ts';

/** Says of a text in an answer that it is the URL of a file, and of which media type. */
const keyword = 'x-target-media-type';

/**
 * The files to which the answers lead, those of the clinics and the specification's own examples: their media types by
 * their URLs. The schemas say which texts are such URLs.
 */
export function linkedFiles(
  { document, operations }: Pick<Api, 'document' | 'operations'>,
  clinics: readonly Clinic[],
): Map<string, string> {
  const files = new Map<string, string>();
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, validateSchema: false });
  addFormats.default(ajv);
  // Ajv finds its way through references and alternatives, and calls this wherever a text has the keyword.
  ajv.addKeyword({
    keyword,
    type: 'string',
    schemaType: 'string',
    validate: (mediaType: string, text: string) => {
      if (/^https?:/i.test(text) && URL.canParse(text)) files.set(new URL(text).href, mediaType);
      return true;
    },
  });
  ajv.addSchema(document.openapi.startsWith('3.0') ? toJsonSchema2020(document) : document, 'spec:');
  for (const operation of operations) {
    const schema = successSchema(document, operation);
    if (!schema) continue;
    const pointer = toPointer(schema).split('/').map(encodeURIComponent).join('/');
    const look = ajv.compile({ $ref: `spec:#${pointer}` });
    for (const { responses } of clinics) if (responses.has(operation.id)) look(responses.get(operation.id));
    for (const example of successExamples(document, operation)) look(example);
  }
  return files;
}
