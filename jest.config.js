// Two projects: `rules` needs nothing and starts at once; `servers` (specs under test/) gets Postgres and Kafka first.
const common = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['meterbook-source', 'node', 'node-addons'] },
  transform: { '^.+\\.ts$': '@swc/jest' },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.meterbook/'],
};

/** @type {import('jest').Config} */
export default {
  projects: [
    {
      ...common,
      displayName: 'rules',
      roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/bench', '<rootDir>/tools'],
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['/test/'],
    },
    {
      ...common,
      displayName: 'servers',
      roots: ['<rootDir>/apps', '<rootDir>/libs'],
      testMatch: ['**/test/**/*.spec.ts'],
      globalSetup: '<rootDir>/tools/jest-servers.js',
      globalTeardown: '<rootDir>/tools/jest-stop.js',
    },
  ],
  testTimeout: 30_000,
};
