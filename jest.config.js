// Two projects: `rules` needs nothing and starts at once; `servers` (specs under test/) gets Postgres and Kafka first.
const elements = {
  swcrc: false,
  sourceMaps: true,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic' } },
  },
};
const common = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['meterbook-source', 'node', 'node-addons'] },
  // Only .tsx may hold elements: in .ts `<T>` begins a type. The console's element files have no decorators.
  transform: { '^.+\\.ts$': '@swc/jest', '^.+\\.tsx$': ['@swc/jest', elements] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
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
      testMatch: ['**/*.spec.ts', '**/*.spec.tsx'],
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
  // One process for 411 suites fills its heap (on two cores jest uses one, and in band): a worker is replaced when it is above this.
  workerIdleMemoryLimit: '1200MB',
};
