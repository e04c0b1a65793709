/** Node strips the types by itself; `npm run lint` checks them. */
export default {
  runner: '<rootDir>/test/support/runner.js',
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The consumer tests need to be told where their pact files go: `npm run contracts` runs them.
  // The consumer's own test is run by it.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/consumer/', '<rootDir>/test/acceptance/consumer/'],
  maxWorkers: 2,
};
