/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/support/before-all.ts',
  globalTeardown: '<rootDir>/test/support/after-all.ts',
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
    '/@dicebear/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  // The drawings' library is ESM only, which jest can't load as it is.
  transformIgnorePatterns: ['/node_modules/(?!@dicebear/)'],
  // The sources write "./x.js" in dynamic imports, because Node's ESM loader asks for the extension.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  maxWorkers: 2,
  // Some play hours of work in virtual time, which takes a second here and many on a machine that is busy.
  testTimeout: 40_000,
  // What a journey does at once is mostly waiting.
  maxConcurrency: 30,
};
