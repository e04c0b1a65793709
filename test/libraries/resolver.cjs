// Jest reads what a test imports anew for each test file, and one file after the other: the thousand files of Prism take
// seconds. So each of these is read from one file, which bundle.ts makes before the first test.
const { join, sep } = require('node:path');

/** The files of the bundles, by the specifiers under which src/ and tests import them. */
const bundled = {
  './official-schemas.ts': 'official-schemas.mjs',
  './prism-parts.ts': 'prism-parts.mjs',
  'ajv-formats': 'ajv-formats.cjs',
  'ajv/dist/2020.js': 'ajv.cjs',
  express: 'express.cjs',
  yaml: 'yaml.cjs',
};

/** The test of the precompiled schemas needs one Ajv, with the part of it that writes code. */
const isWhole = (specifier, basedir) => specifier.startsWith('ajv') && basedir.endsWith(join('openapi', 'load'));

module.exports = (specifier, options) =>
  Object.hasOwn(bundled, specifier) &&
  !options.basedir.includes(`${sep}node_modules${sep}`) &&
  !isWhole(specifier, options.basedir)
    ? join(process.env.TEST_LIBRARIES, bundled[specifier])
    : options.defaultResolver(specifier, options);
