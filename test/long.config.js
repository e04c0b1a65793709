// `npm run test:long`: all tests, each property with all its cases (test/support/runs.ts).
import shared from '../jest.config.js';

export default { ...shared, rootDir: '..', globals: { testLong: true }, testTimeout: 120_000 };
