// Runs before `npm publish`: npm's trusted publishing with provenance refuses a package that does not say where it comes
// from, with an error that names no cause. Only the owner knows where that is.
import { readFileSync } from 'node:fs';

const { repository, homepage, bugs } = JSON.parse(readFileSync('package.json', 'utf8'));
const missing = Object.entries({ repository: repository?.url, homepage, bugs: bugs?.url }).filter(([, url]) => !url);
if (missing.length > 0) {
  console.error(`Not published: fill in ${missing.map(([name]) => name).join(', ')} in package.json first.`);
  process.exitCode = 1;
}
