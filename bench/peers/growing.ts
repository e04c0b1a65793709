import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { doctors as sample, doctorsQuestion } from '../harness/answers.ts';
import { root } from '../harness/environment.ts';
import { repeat } from '../harness/load.ts';
import type { Contestant } from '../harness/server.ts';
import { post, tokenOf } from '../harness/talk.ts';
import { arzamedMock, mockWith, prismWith } from './servers.ts';

/** A server of a size. */
export interface Grown {
  contestant: Contestant;
  /** The bytes that it answers with when it is asked for the doctors. */
  answer: string;
  /** What is done to it before it is measured. */
  prepare?: (url: string) => Promise<void>;
}

export interface Growing {
  /** What there is more and more of, in the plural. */
  of: string;
  sizes: readonly number[];
  /** What the throughput of the largest may be at least, of that of the smallest. */
  leastRatio?: number;
  /** @param folder for what it reads. */
  make: (folder: string, size: number) => Promise<Grown[]>;
}

export const growing: readonly Growing[] = [
  {
    of: 'operations in the specification',
    sizes: [2, 40, 300, 1500],
    leastRatio: 0.9,
    make: async (folder, size) => {
      const spec = join(folder, `${size}.json`);
      await writeFile(spec, JSON.stringify(await withOperations(size)));
      return [
        { contestant: mockWith('--spec', spec), answer: sample },
        { contestant: prismWith(spec), answer: sample },
      ];
    },
  },
  {
    of: 'clinics',
    sizes: [1, 100, 1000, 10_000],
    leastRatio: 0.9,
    make: async (folder, size) => {
      const clinics = join(folder, String(size));
      if (!existsSync(clinics)) await writeClinics(clinics, size);
      return [{ contestant: mockWith('--clinics', clinics), answer: sample }];
    },
  },
  {
    of: 'doctors in the answer',
    sizes: [10, 100, 1000, 10_000],
    make: async (folder, size) => {
      const clinics = join(folder, String(size));
      const answer = Array.from({ length: size }, (_, index) => ({ name: `Dr. ${index}`, profileImage: null }));
      await mkdir(clinics, { recursive: true });
      await writeFile(join(clinics, 'bianchi.yaml'), clinicFile('bianchi-backend', answer));
      return [{ contestant: mockWith('--clinics', clinics), answer: JSON.stringify(answer) }];
    },
  },
  {
    of: 'entries in the journal',
    sizes: [10, 1000, 10_000, 100_000],
    make: async (_folder, size) => [
      {
        contestant: { ...arzamedMock, command: () => [own('mock-with-journal.ts'), String(size)] },
        answer: sample,
        prepare: async (url) => {
          const question = doctorsQuestion(url + (arzamedMock.doctorsPath ?? ''), await tokenOf(arzamedMock, url));
          await repeat(question, size);
        },
      },
    ],
  },
  {
    of: 'sandboxes beside',
    sizes: [1, 10, 100, 1000],
    make: async (_folder, size) => [
      {
        contestant: arzamedMock,
        answer: sample,
        prepare: async (url) => {
          for (let count = 0; count < size; count += 1) await post(`${url}/_mock/sandboxes`);
        },
      },
    ],
  },
];

const own = (name: string): string => fileURLToPath(new URL(`servers/${name}`, import.meta.url));

async function withOperations(count: number): Promise<object> {
  const document: { paths: object } = parse(await readFile(join(root, 'openapi/arzamed.yaml'), 'utf8'));
  const schema = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } };
  const response = { description: 'It.', content: { 'application/json': { schema, example: { id: 1, name: 'a' } } } };
  const more = Array.from({ length: count - 2 }, (_, index) => [
    `/group${index % 30}/things${index}/{id}`,
    {
      get: {
        operationId: `getThing${index}`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { '200': response },
      },
    },
  ]);
  return { ...document, paths: { ...document.paths, ...Object.fromEntries(more) } };
}

async function writeClinics(folder: string, count: number): Promise<void> {
  await mkdir(folder);
  for (let index = 0; index < count; index += 1) {
    const [name, client] = index === 0 ? ['bianchi', 'bianchi-backend'] : [`clinic-${index}`, `client-${index}`];
    await writeFile(join(folder, `${name}.yaml`), clinicFile(client, JSON.parse(sample)));
  }
}

/** JSON is YAML. */
function clinicFile(clientId: string, listDoctors: unknown): string {
  const keys = [{ clientId, clientSecret: `not-a-secret-${clientId}`, status: 'active' }];
  return JSON.stringify({ name: clientId, keys, responses: { listDoctors } });
}
