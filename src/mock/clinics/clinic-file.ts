import { Ajv2020, type JSONSchemaType } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { KeyStatus } from './clinic.ts';

/** What stands in one file of the clinics folder. */
export interface ClinicFile {
  name: string;
  keys: { clientId: string; clientSecret: string; status: KeyStatus; expiresAt?: string }[];
  responses: Record<string, unknown>;
}

const schema: JSONSchemaType<Omit<ClinicFile, 'responses'> & { responses: object }> = {
  type: 'object',
  required: ['name', 'keys', 'responses'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1 },
    keys: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['clientId', 'clientSecret', 'status'],
        additionalProperties: false,
        properties: {
          // RFC 6749 appendix A.1 and A.2; a colon in the id would end it in HTTP Basic.
          clientId: { type: 'string', pattern: '^[ -9;-~]+$' },
          clientSecret: { type: 'string', pattern: '^[ -~]+$' },
          status: { type: 'string', enum: ['active', 'revoked', 'expired'] },
          expiresAt: { type: 'string', format: 'date-time', nullable: true },
        },
      },
    },
    responses: { type: 'object' },
  },
};

// The compiler has checked the schema; to check it again takes a tenth of a second of each start.
const ajv = new Ajv2020({ allErrors: true, verbose: true, validateSchema: false });
addFormats.default(ajv);

/** Tells whether a value has the shape of a clinic's file; afterwards `isClinicFile.errors` says why not. */
export const isClinicFile = ajv.compile<ClinicFile>(schema);
