// The recipes of docs/testing.md: CommonJS through swc, in Node and in a page, and native ES modules.
const commonJs = {
  testMatch: ['<rootDir>/jest-cjs.test.cjs'],
  transform: { '\\.[cm]?[jt]sx?$': ['@swc/jest', { module: { type: 'commonjs' } }] },
  transformIgnorePatterns: ['node_modules/(?!gradelanes/)'],
};
module.exports = {
  projects: [
    { displayName: 'cjs', ...commonJs },
    { displayName: 'cjs-jsdom', testEnvironment: 'jsdom', ...commonJs },
    { displayName: 'esm', testMatch: ['<rootDir>/jest-esm.test.mjs'], transform: {} },
  ],
};
