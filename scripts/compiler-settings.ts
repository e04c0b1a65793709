const resolutions = [
  ['--module', 'nodenext'],
  ['--module', 'esnext', '--moduleResolution', 'bundler'],
];
const libraries = [
  ['--lib', 'es2023,esnext.disposable'],
  ['--lib', 'es2023,esnext.disposable,dom'],
];
const optional = [
  ['--exactOptionalPropertyTypes', 'true'],
  ['--exactOptionalPropertyTypes', 'false'],
];

/** What `tsc` is told by the projects that may use the package: each resolution with each library and strictness. */
export const compilerSettings = [
  ...resolutions.flatMap((resolution) =>
    libraries.flatMap((library) => optional.map((exact) => ['-p', 'test-d', ...resolution, ...library, ...exact])),
  ),
  // And without the types of Node.
  ['-p', 'test-d/tsconfig.bundler.json'],
];
