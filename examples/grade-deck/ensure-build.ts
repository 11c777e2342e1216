// In a fresh clone `npm run demo` builds the package first: the examples import it by name, as an app does.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('dist/index.js')) {
  console.log('Building the package, once ...');
  execSync('npm run --silent build -- --silent', { stdio: ['ignore', 'ignore', 'inherit'] });
}
