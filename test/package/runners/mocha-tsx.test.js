// Under tsx in a project without "type": "module", where static imports become require() and import() stays: two copies.
import * as gradelanes from 'gradelanes';
import * as testing from 'gradelanes/testing';
import matrix from './matrix.cjs';

matrix.registerMatrix(it, { gradelanes, testing });

it('works with the copy that import() loads', async () => {
  const copy = { gradelanes: await import('gradelanes'), testing: await import('gradelanes/testing') };
  if (copy.gradelanes.ProviderError === gradelanes.ProviderError)
    throw new Error('tsx loads one copy now: drop this test');
  await matrix.expectCopiesWorkTogether({ gradelanes, testing }, copy);
});
