import shared from '../../jest.config.js';

export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/consumer/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
