// Tests run as CommonJS on every Node >= 20. Jest can require() ESM natively only on Node >= 24.9, so swc compiles
// our TypeScript and the ESM-only packages listed here (all of @nestjs/* 12) to CommonJS; results are cached.
const ESM_DEPS = ['@nestjs', 'cookie'].join('|');
const jsc = { target: 'es2022', keepClassNames: true };
const decorators = { legacyDecorator: true, decoratorMetadata: true };
const swc = (parser, transform) => [
  '@swc/jest',
  { jsc: { ...jsc, parser, transform }, module: { type: 'commonjs' }, isModule: 'unknown' },
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  testTimeout: 20_000, // on a loaded machine; no test waits for time to pass
  roots: ['<rootDir>/src', '<rootDir>/libs', '<rootDir>/test', '<rootDir>/sample-app'],
  testRegex: '\\.(spec|e2e-spec)\\.ts$',
  moduleFileExtensions: ['ts', 'js', 'json'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^#(protocol|store|engine)$': '<rootDir>/libs/$1/index.ts',
    '^nestjs-work$': '<rootDir>/src/index.ts',
    '^nestjs-work/(engine)$': '<rootDir>/libs/$1/public.ts',
  },
  transform: {
    '\\.ts$': swc({ syntax: 'typescript', decorators: true }, decorators),
    [`/node_modules/(?:.*/)?(?:${ESM_DEPS})/.+\\.m?js$`]: swc({ syntax: 'ecmascript' }),
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/)?(?:${ESM_DEPS})/)`],
  maxWorkers: '100%', // jest leaves one core idle; of two that is half, and all files in one process
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.cjs',
  reporters: ['default', '<rootDir>/.tools/closing-line-reporter.cjs'],
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', 'libs/**/*.ts', '!**/*.spec.ts'],
};
