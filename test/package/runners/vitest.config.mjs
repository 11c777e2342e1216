// The package is inlined, so that vi.resetModules() makes a second copy of it.
export default { test: { include: ['vitest-*.test.mjs'], server: { deps: { inline: ['gradelanes'] } } } };
