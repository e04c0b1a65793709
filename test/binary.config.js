// `npm run test:binary`: what users do with the commands, done with the executable of `npm run binary`.
import { arch } from 'node:process';
import { fileURLToPath } from 'node:url';
import shared from '../jest.config.js';

process.env.TEST_EXECUTABLE = fileURLToPath(new URL(`../build/linux-${arch}/arzamed`, import.meta.url));

const commands = 'bad-input,binary,collect,cut-pipe,diff,exec,intercept,quickstart,terminal,trouble,types,why';
process.env.XDG_CACHE_HOME = fileURLToPath(new URL('../build/cache', import.meta.url));

export default {
  ...shared,
  rootDir: '..',
  testMatch: [
    `<rootDir>/test/acceptance/{${commands}}.test.ts`,
    '<rootDir>/test/certify/cli.test.ts',
    '<rootDir>/test/mock/reload.test.ts',
  ],
};
