import { fileURLToPath } from 'node:url';
import { arzamed, root } from '../harness/environment.ts';
import type { Contestant } from '../harness/server.ts';
import { packageCommand } from '../harness/versions.ts';

const spec = `${root}openapi/arzamed.yaml`;
const own = (name: string): string => fileURLToPath(new URL(`servers/${name}`, import.meta.url));

export const arzamedMock: Contestant = {
  name: 'arzamed mock',
  command: () => [arzamed, 'mock', '--port', '0', '--json'],
  listening: /"url":"(http:[^"]+)"/,
  issuesOwnTokens: true,
  tokenPath: '/auth/bianchi/oauth2/token',
  doctorsPath: '/api/v1/equipe/doctors',
};

export function mockWith(...options: readonly string[]): Contestant {
  return { ...arzamedMock, command: (port) => [...arzamedMock.command(port), ...options] };
}

/** `npm run binary` made it. */
export const arzamedExecutable: Contestant = {
  ...arzamedMock,
  name: 'arzamed mock, executable',
  program: `${root}build/linux-${process.arch}/arzamed`,
  command: (port) => arzamedMock.command(port).slice(1),
  variables: { XDG_CACHE_HOME: `${root}build/cache` },
};

const image = `${root}build/image/mock/usr`;

/** `npm run image` made it. In a container nothing is kept for the next start. */
export const arzamedImage: Contestant = {
  ...arzamedMock,
  name: "arzamed mock, image's command",
  program: `${image}/bin/node`,
  command: (port) => [
    `${image}/lib/node_modules/arzamed-devkit/dist/cli/main.js`,
    ...arzamedMock.command(port).slice(1),
  ],
  variables: { NODE_DISABLE_COMPILE_CACHE: '1' },
};

/** @param file the specification. */
export const prismWith = (file: string): Contestant => ({
  name: 'Prism CLI',
  command: () => [packageCommand('@stoplight/prism-cli', 'prism'), 'mock', '--port', '0', '--host', '127.0.0.1', file],
  listening: /listening on (http:\S+)/,
  tokenPath: '/auth/bianchi/oauth2/token',
  doctorsPath: '/equipe/doctors',
});

export const prism = prismWith(spec);

/** @param file as `writeMockoonFile` makes it; from an OpenAPI document Mockoon takes no examples. */
export const mockoon = (file: string): Contestant => ({
  name: 'Mockoon CLI',
  command: (port) => {
    const start = [packageCommand('@mockoon/cli', 'mockoon-cli'), 'start', '--data', file];
    const where = ['--hostname', '127.0.0.1', '--port', String(port)];
    return [...start, ...where, '--disable-admin-api', '--disable-log-to-file'];
  },
  tokenPath: '/token',
  doctorsPath: '/api/v1/equipe/doctors',
});

export const oauth2MockServer: Contestant = {
  name: 'oauth2-mock-server',
  command: () => [packageCommand('oauth2-mock-server', 'oauth2-mock-server'), '-a', '127.0.0.1', '-p', '0'],
  listening: /listening on (http:\S+)/,
  tokenPath: '/token',
};

export const bareExpress: Contestant = {
  name: 'bare Express',
  command: () => [own('express.ts')],
  listening: /(http:\S+)/,
  doctorsPath: '/api/v1/equipe/doctors',
};

export const bareNodeHttp: Contestant = {
  name: 'bare node:http',
  command: () => [own('node-http.ts')],
  listening: /(http:\S+)/,
  tokenPath: '/token',
  doctorsPath: '/api/v1/equipe/doctors',
};
