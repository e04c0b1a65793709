// `npm run test:long`: all tests, each property with all its cases (test/support/runs.ts).
import shared from '../jest.config.js';

process.env.TEST_LONG = 'true';

export default { ...shared, rootDir: '..' };
