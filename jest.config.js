/** Jest strips the types by itself; `npm run lint` checks them. */
export default {
  testEnvironment: 'node',
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The consumer tests need to be told where their pact files go: `npm run contracts` runs them.
  // The consumer's own test is run by it.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/consumer/', '<rootDir>/test/acceptance/consumer/'],
  testTimeout: 20_000,
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/libraries/bundle.ts',
  resolver: '<rootDir>/test/libraries/resolver.cjs',
};
